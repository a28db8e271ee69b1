package restapi

import (
	_ "embed"
	"slices"
)

//go:embed openapi.yaml
var document []byte

// OpenAPI is the API's description, OpenAPI 3.1 in YAML.
func OpenAPI() []byte { return slices.Clone(document) }
