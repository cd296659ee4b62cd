package managed

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

const (
	emptyMD5 = "1B2M2Y8AsgTpgAmY7PhCfg=="
	fooMD5   = "rL0Y20zC+Fzt72VPzMSk2A=="
)

func pictureValue(source, name, md5 types.String) attr.Value {
	return picture{source, name, md5}.value()
}

// known is a picture of three texts, "" for null.
func known(source, name, md5 string) attr.Value {
	text := func(s string) types.String {
		if s == "" {
			return null
		}
		return types.StringValue(s)
	}
	return pictureValue(text(source), text(name), text(md5))
}

func TestRespellPicture(t *testing.T) {
	plain := known("dir/a.png", "a.png", emptyMD5)
	named := known("dir/a.png", "portrait.png", emptyMD5)
	for what, c := range map[string]struct {
		state attr.Value
		value any
		want  attr.Value
	}{
		"the same":                         {plain, model.File{Name: "a.png", MD5Hash: emptyMD5}, plain},
		"another spelling":                 {plain, model.File{Name: "a.png", MD5Hash: "d41d8cd98f00b204e9800998ecf8427e"}, plain},
		"another picture":                  {plain, model.File{Name: "a.png", MD5Hash: fooMD5}, known("dir/a.png", "a.png", fooMD5)},
		"another name than the file's":     {plain, model.File{Name: "x/a_7.png", MD5Hash: emptyMD5}, plain},
		"another name than the declared":   {named, model.File{Name: "x.png", MD5Hash: emptyMD5}, named},
		"no name and no digest":            {named, model.File{}, named},
		"none":                             {plain, nil, noPicture},
		"none as before":                   {noPicture, nil, noPicture},
		"nothing of one":                   {noPicture, model.File{}, noPicture},
		"one that was not there":           {noPicture, model.File{Name: "x.png", MD5Hash: fooMD5}, known("", "x.png", fooMD5)},
		"one of which only a name is told": {noPicture, model.File{Name: "x.png"}, known("", "x.png", "")},
	} {
		if got := keepSpelling(model.Picture, c.state, c.value); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}

// TestPictureIsFollowedOnceDeclared shows what a refresh, and so an import, takes of a picture.
func TestPictureIsFollowedOnceDeclared(t *testing.T) {
	l := testSpec()
	theirs := object(t, response(`"picture": {"name": "x.png", "md5_hash": "`+fooMD5+`", "get": "https://signed"}`))
	for what, c := range map[string]struct {
		state    attr.Value
		declared []string
		want     attr.Value
	}{
		"never declared":    {noPicture, nil, noPicture},
		"declared":          {known("a.png", "a.png", emptyMD5), []string{"picture"}, known("a.png", "a.png", fooMD5)},
		"declared and gone": {noPicture, []string{"picture"}, known("", "x.png", fooMD5)},
	} {
		var diags diag.Diagnostics
		got := l.refresh(with(stored, values{"picture": c.state}), theirs, &record{Declared: c.declared}, &diags)
		if !got["picture"].Equal(c.want) || len(diags) > 0 {
			t.Errorf("%s: %s, want %s (%v)", what, got["picture"], c.want, diags)
		}
	}
	r := record{}
	r.declare(l, with(declared, values{"picture": known("a.png", "", "")}), with(declared, values{"picture": known("a.png", "a.png", fooMD5)}))
	if !slices.Equal(r.Declared, []string{"picture"}) {
		t.Errorf("declared are %v", r.Declared)
	}
}

func TestPlanPictures(t *testing.T) {
	source := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(source, []byte("foo"), 0o600); err != nil {
		t.Fatal(err)
	}
	declare := func(source, name types.String) attr.Value { return pictureValue(source, name, null) }
	at := types.StringValue(source)
	ours := known(source, "a.png", fooMD5)
	for what, c := range map[string]struct {
		config, state attr.Value
		pending       bool
		want          attr.Value
		warnings      int
	}{
		"none":                 {noPicture, noPicture, false, noPicture, 0},
		"none any more":        {noPicture, ours, false, noPicture, 0},
		"new":                  {declare(at, null), noPicture, false, ours, 0},
		"as before":            {declare(at, null), ours, false, ours, 0},
		"another content":      {declare(at, null), known(source, "a.png", emptyMD5), false, ours, 0},
		"a name":               {declare(at, types.StringValue("b.png")), ours, false, known(source, "b.png", fooMD5), 0},
		"the name's end":       {declare(at, null), known(source, "b.png", fooMD5), false, ours, 0},
		"a late name":          {declare(at, unknown), ours, false, pictureValue(at, unknown, types.StringValue(fooMD5)), 0},
		"a late source":        {declare(unknown, null), ours, false, pictureValue(unknown, unknown, unknown), 0},
		"a late, named source": {declare(unknown, types.StringValue("b.png")), ours, false, pictureValue(unknown, types.StringValue("b.png"), unknown), 0},
		"all late":             {types.ObjectUnknown(pictureTypes), ours, false, types.ObjectUnknown(pictureTypes), 0},
		"not uploaded":         {declare(at, null), ours, true, pictureValue(at, types.StringValue("a.png"), unknown), 1},
		"not uploaded, and another content": {
			declare(at, null), known(source, "a.png", emptyMD5), true, ours, 0,
		},
		"not uploaded, and dropped": {noPicture, ours, true, noPicture, 0},
	} {
		var diags diag.Diagnostics
		r := record{}
		r.setPending(model.Field{Name: "picture"}, c.pending)
		plan := with(stored, values{"picture": c.config})
		testSpec().planPictures(with(declared, values{"picture": c.config}), plan, with(stored, values{"picture": c.state}), r, &diags)
		if !plan["picture"].Equal(c.want) || diags.HasError() || len(diags) != c.warnings {
			t.Errorf("%s: %s, want %s (%v)", what, plan["picture"], c.want, warnings(diags))
		}
	}
}

// TestReadPictures shows what is read for a write, and what is announced then.
func TestReadPictures(t *testing.T) {
	source := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(source, []byte("foo"), 0o600); err != nil {
		t.Fatal(err)
	}
	ours := known(source, "a.png", fooMD5)
	for what, c := range map[string]struct {
		plan, state attr.Value
		pending     bool
		read        bool
		announced   any // nil if nothing is
		fails       bool
	}{
		"none":              {noPicture, noPicture, false, false, nil, false},
		"cleared":           {noPicture, ours, false, false, "null", false},
		"unchanged":         {ours, ours, false, false, nil, false},
		"new":               {ours, noPicture, false, true, model.File{Name: "a.png", MD5Hash: fooMD5}, false},
		"moved":             {ours, known("elsewhere/a.png", "a.png", fooMD5), false, true, nil, false},
		"renamed":           {ours, known(source, "b.png", fooMD5), false, true, model.File{Name: "a.png", MD5Hash: fooMD5}, false},
		"late":              {pictureValue(types.StringValue(source), types.StringValue("a.png"), unknown), ours, true, true, model.File{Name: "a.png", MD5Hash: fooMD5}, false},
		"not as planned":    {known(source, "a.png", emptyMD5), noPicture, false, true, nil, true},
		"not there":         {known(source+"x", "a.png", fooMD5), noPicture, false, false, nil, true},
		"dropped, not sent": {noPicture, ours, true, false, "null", false},
		// The plan has left the picture as it is: its file is gone, or it is ignored.
		"not uploaded, and left alone":         {ours, ours, true, false, nil, false},
		"not uploaded, and dropped in a write": {noPicture, noPicture, true, false, nil, false},
	} {
		l := testSpec()
		plan, state := with(stored, values{"picture": c.plan}), with(stored, values{"picture": c.state})
		r := record{}
		r.setPending(model.Field{Name: "picture"}, c.pending)
		var diags diag.Diagnostics
		files := l.readPictures(plan, state, &diags)
		if (files["picture"] != nil) != c.read || c.read && string(files["picture"]) != "foo" || diags.HasError() != c.fails {
			t.Errorf("%s: read %q, %v", what, files["picture"], warnings(diags))
		}
		if c.fails {
			at := path.Root("picture").AtName("source")
			if d, ok := diags[0].(diag.DiagnosticWithPath); !ok || !d.Path().Equal(at) || strings.Contains(d.Detail(), "a.png") || len(diags) != 1 {
				t.Errorf("%s: %v", what, diags)
			}
			continue
		}
		sent, isSent := l.changes(declared, plan, state, files, r)["picture"]
		var got any
		if m, _ := thing.Field("picture"); isSent {
			if got = m.Sent(sent); got == nil {
				got = "null"
			}
		}
		if got != c.announced {
			t.Errorf("%s: announced is %v, want %v", what, got, c.announced)
		}
	}
}
