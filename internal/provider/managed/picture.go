package managed

import (
	"context"
	"crypto/md5" // the API's choice
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

// A picture is declared as the path of a file. The plan reads the file and shows its digest, so a changed file is a change of the plan. The
// apply sends the name and the digest in the body, and uploads the file if the response has a form for it (see client.Form).

// maxPicture is the maximum size of a picture in bytes.
const maxPicture = 10 << 20

// picture is the value of an attribute for a file.
type picture struct{ source, name, md5 types.String }

var pictureTypes = map[string]attr.Type{"source": types.StringType, "name": types.StringType, "md5_hash": types.StringType}

// Picture returns an attribute for a picture. The description says what the picture is for.
func Picture(description string) schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: description + fmt.Sprintf(" A file of 1 byte to %d MiB. Every plan reads it: a changed file shows up in the next plan. The "+
			"upload is inferred from the names in the API, since Pigello does not document it. Unset: no picture; a picture in Pigello that was never "+
			"declared here stays as it is, and is not in the state. Example: `{ source = \"${path.module}/ada.png\" }`.", maxPicture>>20),
		Attributes: map[string]schema.Attribute{
			"source": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "The path of the file. A relative one begins at the directory in which terraform runs, so put `${path.module}/` " +
					"before it; `~` is not expanded. Example: `${path.module}/ada.png`.",
			},
			"name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The name under which Pigello stores the file. 1 to 255 characters. Unset: the last part of `source`; Pigello may " +
					"then call it something else. Example: `portrait.png`.",
				Validators: []validator.String{validate.Length(1, 255)},
			},
			"md5_hash": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The MD5 of the file's content, in base64. If Pigello has another one, the picture was replaced elsewhere, and is planned again; " +
					"if it shows none, that cannot be noticed. If the file changes between plan and apply, Terraform stops before anything is sent, and says that " +
					"the final plan is inconsistent at this attribute: plan again.",
			},
		},
	}
}

func pictureOf(value attr.Value) picture {
	object, _ := value.(types.Object)
	var p picture
	p.source, _ = object.Attributes()["source"].(types.String)
	p.name, _ = object.Attributes()["name"].(types.String)
	p.md5, _ = object.Attributes()["md5_hash"].(types.String)
	return p
}

func (p picture) value() attr.Value {
	return types.ObjectValueMust(pictureTypes, map[string]attr.Value{"source": p.source, "name": p.name, "md5_hash": p.md5})
}

// ownName returns the default name of a file: the last part of its path.
func (p picture) ownName() types.String {
	if p.source.IsNull() || p.source.IsUnknown() {
		return types.StringUnknown()
	}
	return types.StringValue(filepath.Base(p.source.ValueString()))
}

// pictures yields the attributes for files.
func (s *Spec) pictures() iter.Seq[attribute] {
	return func(yield func(attribute) bool) {
		for _, a := range s.attributes {
			if a.field.Kind == model.Picture && !yield(a) {
				return
			}
		}
	}
}

// planPictures completes a plan with the names and the digests of the declared files.
func (s *Spec) planPictures(config, plan, state values, r record, diags *diag.Diagnostics) {
	for a := range s.pictures() {
		if config[a.name].IsNull() || config[a.name].IsUnknown() {
			continue
		}
		p := pictureOf(config[a.name])
		before := pictureOf(state[a.name])
		if !p.md5.IsNull() {
			continue // with ignore_changes, Terraform passes the value in the state as the configuration
		}
		p.md5 = types.StringUnknown()
		if p.name.IsNull() {
			p.name = p.ownName()
		}
		if !p.source.IsUnknown() {
			content, err := readPicture(p.source.ValueString())
			if err != nil && p.source.Equal(before.source) {
				// A warning, so that a destroy, and a change of another attribute, do not need the file.
				diags.AddAttributeWarning(path.Root(a.name).AtName("source"), "The picture cannot be read", fmt.Sprintf(
					"%s The picture of the %s %s stays as it is in Pigello.", unusable(p.source, err), s.Entity.Title, idOf(state)))
				plan[a.name] = state[a.name]
				continue
			}
			if err != nil {
				a.addFileError("Unusable picture", unusable(p.source, err), diags)
				continue
			}
			p.md5 = digest(content)
		}
		if r.pending(a.field) && p.md5.Equal(before.md5) {
			p.md5 = types.StringUnknown() // only an update uploads the file, and the state has this digest already
			// The summary differs from that of the failure, since Terraform prints only the first warning of each summary.
			diags.AddAttributeWarning(path.Root(a.name), fmt.Sprintf("The %s of the %s %s will be uploaded again", a.name, s.Entity.Title, idOf(state)),
				"Its upload failed at the last apply.")
		}
		plan[a.name] = p.value()
	}
}

// readPictures reads the files that a plan writes, and completes the plan with the digests that were not known before. If a file differs from
// the plan, it adds an error.
func (s *Spec) readPictures(plan, state values, diags *diag.Diagnostics) map[string][]byte {
	files := map[string][]byte{}
	for a := range s.pictures() {
		if plan[a.name].IsNull() || plan[a.name].Equal(state[a.name]) {
			continue
		}
		p := pictureOf(plan[a.name])
		content, err := readPicture(p.source.ValueString())
		if err != nil {
			a.addFileError("Unusable picture", fmt.Sprintf("The file cannot be used: %s. Nothing was sent.", err), diags)
			continue
		}
		planned := p.md5
		p.md5 = digest(content)
		if !planned.IsUnknown() && !planned.Equal(p.md5) {
			a.addFileError("The file has changed since the plan", fmt.Sprintf("Its MD5 was %s at the plan and is %s now. Nothing was sent. Plan again, "+
				"and let nothing write to the file between plan and apply.", planned.ValueString(), p.md5.ValueString()), diags)
		}
		plan[a.name] = p.value()
		files[a.field.Name] = content
	}
	return files
}

// uploadPictures uploads the files in a body, if the response has a form for them. A failure is only a warning, since the object was written.
// It is recorded for the next plan.
func (r *Resource) uploadPictures(
	ctx context.Context, body model.Body, files map[string][]byte, object model.Object, remembered *record, diags *diag.Diagnostics,
) {
	for a := range r.spec.pictures() {
		encoded, sent := body[a.field.Name]
		if !sent {
			continue
		}
		remembered.setPending(a.field, false)
		file, ok := a.field.Sent(encoded).(model.File)
		if !ok {
			continue // the picture was cleared
		}
		form, err := client.FormOf(object, a.field)
		switch {
		case form != nil:
			err = r.data.Client.Upload(ctx, form, file.Name, files[a.field.Name])
		case err == nil && r.spec.Objects(r.data.Client).Adopted(object.ID()):
			err = errors.New("the response to the creation was lost, and with it the form to upload it with")
		}
		if err != nil {
			remembered.setPending(a.field, true)
			diags.AddAttributeWarning(path.Root(a.name), fmt.Sprintf("The %s of the %s %s was not uploaded", a.name, r.spec.Entity.Title, object.ID()),
				fmt.Sprintf("Pigello knows the file's name and digest, but not the file: %s. The rest is written. The next plan shows the upload "+
					"once more, so apply again.", err))
		}
	}
}

// keepPictureSpelling returns the file of the API with the source in the state, and with the state's spelling of the digest. If the API does
// not return a value, it is the one in the state. The name in the state also stays: a server may rename a file.
func keepPictureSpelling(state attr.Value, value any) attr.Value {
	file, ok := value.(model.File)
	if !ok || state.IsNull() && file == (model.File{}) {
		return types.ObjectNull(pictureTypes)
	}
	p := pictureOf(state)
	if file.MD5Hash != "" && !(ident.MD5{}).Equal(p.md5.ValueString(), file.MD5Hash) {
		p.md5 = types.StringValue(file.MD5Hash)
	}
	if file.Name != "" && p.name.IsNull() {
		p.name = types.StringValue(file.Name)
	}
	return p.value()
}

func digest(content []byte) types.String {
	sum := md5.Sum(content)
	return types.StringValue(base64.StdEncoding.EncodeToString(sum[:]))
}

// unusable says why the file of a picture cannot be used.
func unusable(source types.String, err error) string {
	if source.ValueString() == "" {
		return "The value of source is empty; use null for the whole picture, or leave it out, to have none."
	}
	return fmt.Sprintf("The file %q cannot be used: %s.", source.ValueString(), err)
}

// addFileError adds an error on the attribute source of a picture.
func (a attribute) addFileError(summary, detail string, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root(a.name).AtName("source"), summary, detail)
}

// readPicture reads a file that may be a picture. The error does not repeat the path.
func readPicture(source string) ([]byte, error) {
	info, err := os.Stat(source) // before opening it, since opening a pipe would wait for a writer
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(source, "~"):
		return nil, errors.New(`it does not exist; Terraform does not expand ~ by itself, so write pathexpand("~/…")`)
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("it does not exist; a relative path begins at the directory in which terraform runs, " +
			"so put ${path.module}/ before it")
	case err != nil:
		return nil, withoutPath(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it is a directory, or something else that is not a file")
	case info.Size() == 0:
		return nil, errors.New("it is empty")
	case info.Size() > maxPicture:
		return nil, fmt.Errorf("it is larger than %d MiB, the most that is taken for a picture", maxPicture>>20)
	}
	content, err := os.ReadFile(source) //nolint:gosec // the author of the configuration chooses the file
	if err != nil {
		return nil, withoutPath(err)
	}
	return content, nil
}

func withoutPath(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}
