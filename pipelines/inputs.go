package pipelines

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/warehouse"
)

// buildInputs says what a release is built from beside the lake and the models, so that a plan
// can name what is no longer the same. Limits of memory and the like make no other release and
// are left out.
func buildInputs(p *configs.Project) ([]warehouse.Input, error) {
	inputs, err := datasetInputs()
	if err != nil {
		return nil, err
	}
	lists := referenceFS(p)
	names, err := fs.Glob(lists, "*.csv")
	if err != nil {
		return nil, fmt.Errorf("listing reference lists: %w", err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(lists, name)
		if err != nil {
			return nil, fmt.Errorf("reading reference list %s: %w", name, err)
		}
		inputs = append(inputs, warehouse.Input{Kind: warehouse.InputReference, Name: strings.TrimSuffix(name, ".csv"), Hash: hashOf(raw)})
	}
	inputs = append(inputs, warehouse.Input{Kind: warehouse.InputSetting, Name: "time_zone", Version: p.TimeZone.String()})
	for _, s := range p.Sources {
		inputs = append(inputs, warehouse.Input{Kind: warehouse.InputSource, Name: s.File, Hash: s.Hash})
	}
	return inputs, nil
}

// datasetInputs are the datasets as this program has them: columns, what they mean, and the
// number of the normaliser that makes their rows.
func datasetInputs() (inputs []warehouse.Input, err error) {
	meaning := map[string]configs.DatasetDefinition{}
	for _, d := range configs.Datasets() {
		meaning[d.Name] = d
	}
	for _, d := range transforms.Datasets() {
		raw, err := json.Marshal(struct {
			Columns    any
			Definition configs.DatasetDefinition
		}{d.Columns(), meaning[d.Name()]})
		if err != nil {
			return nil, fmt.Errorf("describing dataset %s: %w", d.Name(), err)
		}
		inputs = append(inputs, warehouse.Input{Kind: warehouse.InputDataset, Name: d.Name(), Hash: hashOf(raw), Version: "normaliser " + strconv.Itoa(d.Version())})
	}
	return inputs, nil
}

func hashOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
