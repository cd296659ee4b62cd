package ident

import "testing"

func TestText(t *testing.T) {
	checkCases{"": true, "Ada": true, "\x00\xff": true}.run(t, Text{})
	runEqual(t, Text{}, []equalCase{
		{"Ada", "Ada", true},
		{"Ada", "ada", false},
		{"Ada", "Ada ", false},
		{"\u00e5", "a\u030a", false}, // one character or two: the server does not normalise, as far as we know
	})
}
