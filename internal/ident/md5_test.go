package ident

import "testing"

func TestMD5Check(t *testing.T) {
	checkCases{
		"1B2M2Y8AsgTpgAmY7PhCfg==": true, "+/+/+/+/+/+/+/+/+/+/+w==": true,
		"": false, "1B2M2Y8AsgTpgAmY7PhCfg": false, "d41d8cd98f00b204e9800998ecf8427e": false, "-_-_-_-_-_-_-_-_-_-_-w==": false,
		"1B2M2Y8AsgTpgAmY7PhCfh==": false, "1B2M2Y8AsgTpgAmY7PhCfg==\n": false, "1B2M2Y8AsgTpgAmY7PhC": false, "not a digest at all.....": false,
	}.run(t, MD5{})
}

func TestMD5Equal(t *testing.T) {
	runEqual(t, MD5{}, []equalCase{
		{"1B2M2Y8AsgTpgAmY7PhCfg==", "1B2M2Y8AsgTpgAmY7PhCfg", true},
		{"1B2M2Y8AsgTpgAmY7PhCfg==", "d41d8cd98f00b204e9800998ecf8427e", true},
		{"1B2M2Y8AsgTpgAmY7PhCfg==", `"D41D8CD98F00B204E9800998ECF8427E"`, true},
		{"+/+/+/+/+/+/+/+/+/+/+w==", "-_-_-_-_-_-_-_-_-_-_-w", true},
		{"1B2M2Y8AsgTpgAmY7PhCfg==", "2B2M2Y8AsgTpgAmY7PhCfg==", false},
		{"1B2M2Y8AsgTpgAmY7PhCfg==", "", false},
		{"", "", true}, {"", `""`, false}, {"odd", "odd", true}, {"odd", "Odd", false}, {"odd", "even", false},
	})
}
