package client

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// Scope is what determines which objects the API shows: the host, with the path of base_url if it has one, and the values of the six headers that are not secret, by the name of
// the provider's attribute. The version at the end of client_ct is not part of it.
type Scope map[string]string

func scopeOf(cfg transport.Config) Scope {
	return Scope{
		"host":               strings.ToLower(cfg.BaseURL.Host) + strings.TrimRight(cfg.BaseURL.Path, "/"),
		"customer_id":        cfg.Credentials.CustomerID,
		"application_id":     cfg.Credentials.ApplicationID,
		"service_id":         cfg.Credentials.ServiceID,
		"service_version_id": cfg.Credentials.ServiceVersionID,
		"client_ct":          withoutVersion(cfg.Credentials.ClientCT),
		"client_entity":      cfg.Credentials.ClientEntity,
	}
}

// versionSuffix is the last part of a client_ct such as prod,mypages,1.0.0, if it is a version: a number with dots.
var versionSuffix = regexp.MustCompile(`,\s*v?\d+(\.\d+)+([-+][0-9A-Za-z.+-]*)?\s*$`)

func withoutVersion(clientCT string) string { return versionSuffix.ReplaceAllString(clientCT, "") }

// Scope returns what determines which objects the API shows to this client.
func (c *Client) Scope() Scope { return maps.Clone(c.scope) }

// Differing returns the names of the values that differ between two scopes.
func (s Scope) Differing(other Scope) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if s[name] != other[name] {
			names = append(names, name)
		}
	}
	return names
}
