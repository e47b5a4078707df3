package pipelines

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kp2mi/lindung/configs"
	"github.com/kp2mi/lindung/connectors"
	"github.com/kp2mi/lindung/figures"
	"github.com/kp2mi/lindung/pipelines/alerts"
	"github.com/kp2mi/lindung/reports/editions"
)

// A DeliveryReport says what became of an edition's delivery.
type DeliveryReport struct {
	Edition string `json:"edition"`
	To      string `json:"to"`
	Place   string `json:"place"`
	Outcome string `json:"outcome"` // copied, up_to_date
	Files   int    `json:"files"`   // brought, or sent, this time
}

// deliveryStore is a place for files: what of a store deliveries need.
type deliveryStore interface {
	Place() string
	Open(ctx context.Context) (close func(), err error)
	Has(ctx context.Context, f connectors.StoredFile) (bool, error)
	Put(ctx context.Context, f connectors.StoredFile, content io.ReadSeeker) error
}

// Deliver brings an approved edition to a place that lindung.yaml names. What is there already is not
// brought again, so that a delivery that broke off is taken up by asking for it once more.
func (r *Runner) Deliver(ctx context.Context, id, to string, by editions.Person) (*DeliveryReport, error) {
	way, known := r.Project.Reports.Delivery(to)
	if !known {
		var names []string
		for _, d := range r.Project.Reports.Deliver {
			names = append(names, d.Name)
		}
		if names == nil {
			return nil, usagef("lindung.yaml names no way for reports; add one under reports: deliver:")
		}
		return nil, usagef("way %q is not known%s", to, nearest(to, names))
	}
	book := r.Editions()
	e, err := book.Get(id)
	if err == nil {
		err = book.Deliverable(e)
	}
	if err != nil {
		return nil, editionProblem(err)
	}
	if way.Email != nil {
		return r.mailEdition(ctx, book, e, way, by)
	}
	store, err := deliveryStoreOf(way)
	if err != nil {
		return nil, err
	}
	report := &DeliveryReport{Edition: id, To: to, Place: store.Place(), Outcome: OutcomeUpToDate}
	if err := copyEdition(ctx, book, e, store, report); err != nil {
		return nil, fmt.Errorf("delivering %s to %s: %w", id, to, err)
	}
	_, err = book.Delivered(id, to, report.Place, by, r.Now)
	return report, editionProblem(err)
}

// copyEdition brings what of an edition a store lacks, and last the record that vouches for it.
func copyEdition(ctx context.Context, book *editions.Book, e *editions.Edition, store deliveryStore, report *DeliveryReport) error {
	closeStore, err := store.Open(ctx)
	if err != nil {
		return err
	}
	defer closeStore()
	record, err := e.Record()
	if err != nil {
		return err
	}
	put := func(name string, content []byte) error {
		f := connectors.StoredFile{Name: path.Join(e.ID, name), Bytes: int64(len(content)), SHA256: hashed(content)}
		there, err := store.Has(ctx, f)
		if err != nil || there {
			return err
		}
		report.Outcome, report.Files = OutcomeCopied, report.Files+1
		return store.Put(ctx, f, bytes.NewReader(content))
	}
	for _, f := range slices.Concat(e.Files, e.Kept) {
		content, err := os.ReadFile(book.Path(e, f.Name))
		if err != nil {
			return err
		}
		if hashed(content) != f.SHA256 {
			return gatef("%s changed since edition %s was approved; restore it from a backup", f.Name, e.ID)
		}
		if err := put(f.Name, content); err != nil {
			return err
		}
	}
	return put(editions.RecordFile, record)
}

// mailEdition sends the report's files to each recipient who did not get them yet.
func (r *Runner) mailEdition(ctx context.Context, book *editions.Book, e *editions.Edition, way *configs.Delivery, by editions.Person) (*DeliveryReport, error) {
	report := &DeliveryReport{Edition: e.ID, To: way.Name, Place: "mailto:" + strings.Join(way.Email.To, ","), Outcome: OutcomeUpToDate}
	c, _ := r.Project.Alerts.Channel(way.Email.Channel) // the configuration was checked
	channel, err := alerts.Open(c, r.Project.DataDir)
	if err != nil {
		return nil, usagef("way %q: %v", way.Name, err)
	}
	for _, recipient := range way.Email.To {
		place := "mailto:" + recipient
		if e.Delivery(way.Name, place) != nil {
			continue
		}
		if err := channel.Send(ctx, r.editionLetter(book, e, recipient)); err != nil {
			if !errors.Is(err, alerts.ErrRefused) {
				err = fmt.Errorf("%w: %w", connectors.ErrUnavailable, err)
			}
			return nil, fmt.Errorf("delivering %s to %s: %w", e.ID, way.Name, err)
		}
		report.Outcome, report.Files = OutcomeCopied, report.Files+len(e.Files)
		if e, err = book.Delivered(e.ID, way.Name, place, by, r.Now); err != nil {
			return nil, editionProblem(err)
		}
	}
	return report, nil
}

// editionLetter is the letter that an edition goes out with. Sent again after an answer that was lost it
// has the same id, by which mail programs know it.
func (r *Runner) editionLetter(book *editions.Book, e *editions.Edition, recipient string) alerts.Message {
	m := alerts.Message{Kind: alerts.MessageReport, Project: r.Project.Name, Made: r.Now.UTC(), Language: "id", Recipient: recipient,
		Subject: e.Title.ID + " / " + e.Title.EN}
	m.Text = fmt.Sprintf("Terlampir: %s, edisi %d, disetujui %s.\n\nTerbitan ini tidak berubah lagi; koreksi terbit sebagai edisi baru.\nSHA-256: %s\n\n"+
		"--- English ---\n\nAttached: %s, edition %d, approved %s.\n\nThis edition does not change; a correction appears as a new edition.\nSHA-256: %s\n",
		e.Title.ID, e.No, e.Approval.At.In(r.Project.TimeZone).Format("2006-01-02"), e.Hash, e.Title.EN, e.No, e.Approval.At.In(r.Project.TimeZone).Format("2006-01-02"), e.Hash)
	if e.Sample {
		m.Mark = figures.SampleMark
		m.Subject, m.Text = "[DATA CONTOH] "+m.Subject, m.Mark+"\n\n"+m.Text
	}
	for _, f := range e.Files {
		if within, err := filepath.Rel(r.Project.DataDir, book.Path(e, f.Name)); err == nil {
			m.Attachments = append(m.Attachments, filepath.ToSlash(within))
		}
	}
	return alerts.Once(m, e.ID+"\n"+e.Hash)
}

// deliveryStoreOf makes the store of a way, with its secrets.
func deliveryStoreOf(d *configs.Delivery) (deliveryStore, error) {
	section, store := sectionOf(d)
	if section == nil {
		return store, nil
	}
	if missing := section.Missing(); len(missing) > 0 {
		return nil, usagef("way %q needs %s; set it, and deliver again", d.Name, strings.Join(missing, ", "))
	}
	return store, section.Decode(store)
}

// sectionOf gives an empty store of a way's kind, and the section that fills it.
func sectionOf(d *configs.Delivery) (*configs.StoreSection, deliveryStore) {
	switch {
	case d.S3 != nil:
		return d.S3, connectors.NewS3Store()
	case d.SFTP != nil:
		return d.SFTP, connectors.NewSFTPStore()
	}
	return nil, &connectors.FolderStore{Dir: d.Folder}
}

// checkDelivery checks the settings of a way as far as its secrets are there.
func checkDelivery(d *configs.Delivery) error {
	section, store := sectionOf(d)
	if section == nil {
		return nil
	}
	if err := section.Check(store); err != nil || len(section.Missing()) > 0 {
		return err
	}
	_, store = sectionOf(d)
	if err := section.Decode(store); err != nil {
		return err
	}
	if checked, can := store.(interface{ Check(connectors.Env) error }); can {
		if err := checked.Check(connectors.Env{}); err != nil {
			return section.Errorf("%s", oneLine(err))
		}
	}
	return nil
}
