package pipelines

import (
	"context"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/docs"
	"github.com/kp2mi/lindung/lake"
	"github.com/kp2mi/lindung/sql"
	"github.com/kp2mi/lindung/transforms"
	"github.com/kp2mi/lindung/warehouse"
)

// Documents renders what is written about a project: dictionary, KPI catalogue, lineage and metadata sheets. It asks
// the warehouse for the tables and texts that a build would give, and needs no data and no secrets.
func Documents(ctx context.Context, project *configs.Project) ([]docs.File, error) {
	models, err := sql.Models()
	if err != nil {
		return nil, err
	}
	reference := referenceFS(project)
	lists, err := transforms.LoadLists(reference)
	if err != nil {
		return nil, err
	}
	tables, err := warehouse.Describe(ctx, warehouse.DescribeSpec{Models: models, Datasets: datasetSchemas(lake.Snapshot{}),
		Reference: reference, Definitions: definitions()})
	if err != nil {
		return nil, err
	}
	ready, err := ReadySources()
	if err != nil {
		return nil, err
	}
	subject := docs.Subject{Sources: project.Sources, Models: models, Tables: tables, Lists: lists, Reference: reference}
	for _, s := range ready {
		subject.Ready = append(subject.Ready, docs.ReadySource{Name: s.Name, Assumed: s.Assumed, Source: s.Described})
	}
	return docs.Render(subject)
}
