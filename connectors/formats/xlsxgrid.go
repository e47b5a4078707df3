package formats

import (
	"context"
	"errors"
	"fmt"
)

// xlsxGrid reads a sheet of an XLSX workbook as a whole.
func xlsxGrid(ctx context.Context, book *workbook, sheet sheetRef) (*grid, error) {
	part, err := book.part(sheet.part)
	if err != nil {
		return nil, err
	}
	defer part.Close()
	g := &grid{name: sheet.name}
	d := xlsxDecoder{ctx: ctx, book: book, xml: newXMLReader(part)}
	for {
		kind, err := d.xml.next()
		if err == nil && kind == xmlEOF {
			return g, g.order()
		}
		if err == nil && kind == xmlStart && string(d.xml.name) == "row" {
			if err = d.nextRow(); err == nil {
				err = d.gridRow(g)
			}
		}
		if err == nil && len(g.cells) > gridCells {
			err = errGridCells
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("sheet %s, row %d: %w", sheet.name, max(d.row, 1), err)
		}
	}
}

func (d *xlsxDecoder) gridRow(g *grid) error {
	problem, err := d.cells(func(column int, text []byte) {
		if len(text) > 0 {
			g.add(int(d.row)-1, column, text, isPlainNumber(text))
		}
	})
	if err == nil && problem.code != "" {
		err = errors.New(problem.message)
	}
	return err
}
