package model

import "testing"

func TestConfirms(t *testing.T) {
	file := File{Name: "a.png", MD5Hash: "1B2M2Y8AsgTpgAmY7PhCfg=="}
	for _, c := range []struct {
		sent, returned any
		want           bool
	}{
		{file, file, true},
		{file, File{Name: "pictures/a_7.png", MD5Hash: "d41d8cd98f00b204e9800998ecf8427e"}, true},
		{file, File{Name: "a.png"}, true},
		{file, File{}, true},
		{file, File{Name: "a.png", MD5Hash: "2B2M2Y8AsgTpgAmY7PhCfg=="}, false},
		{file, nil, false},
		{nil, nil, true},
		{nil, File{}, true},
		{nil, file, false},
	} {
		if got := Picture.Confirms(c.sent, c.returned); got != c.want {
			t.Errorf("%v, returned as %v: %v", c.sent, c.returned, got)
		}
	}
	if !Email.Confirms("a@x.se", "a@X.SE") || Text.Confirms("a", nil) || !Relations.Confirms(nil, []string{}) {
		t.Error("other kinds are confirmed by what means the same")
	}
}
