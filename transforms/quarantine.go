package transforms

import (
	"encoding/hex"
	"fmt"

	"github.com/zeebo/xxh3"
)

func init() {
	register(definition[RejectedProblem, *RejectedProblem]{name: "rejects", version: rejectsVersion, key: []string{"row_key"}, alone: true})
	register(definition[Tombstone, *Tombstone]{name: "tombstones", version: 1, key: []string{"row_key"}, alone: true})
}

// rejectsVersion is 2 since rejects know the key of their record.
const rejectsVersion = 2

// RejectedProblem is one problem of one record that could not become a row. Rejects are data: they
// are kept, counted and joined like any other rows.
type RejectedProblem struct {
	Dataset    string  `parquet:"dataset,dict" lindung:"open"`
	Feed       string  `parquet:"feed,dict" lindung:"open"`
	Place      string  `parquet:"place" lindung:"internal"`
	Code       string  `parquet:"code,dict" lindung:"open"`
	ColumnName *string `parquet:"column_name,dict" lindung:"open"`
	Message    string  `parquet:"message" lindung:"internal"`
	// RecordKey is a token, because what stands in a key's column of a bad record may be anything.
	RecordKey *Token `parquet:"record_key" lindung:"internal"`
	Provenance
}

// Tombstone says that a key which a feed used to deliver is gone from its latest full delivery.
type Tombstone struct {
	Dataset string `parquet:"dataset,dict" lindung:"open"`
	Feed    string `parquet:"feed,dict" lindung:"open"`
	Provenance
}

// NewRejectRows turns rejects into rows of the dataset "rejects", one row per problem.
func NewRejectRows(dataset, feed, source, period string, rejects []Reject) Rows {
	rows := newRows[RejectedProblem, *RejectedProblem]()
	for _, reject := range rejects {
		for i, p := range reject.Problems {
			r := rows.next()
			r.Dataset, r.Feed, r.Place = dataset, feed, reject.Place
			r.Code, r.Message = p.Code, p.Message
			if p.Column != "" {
				r.ColumnName = &p.Column
			}
			if reject.Key != ([16]byte{}) {
				r.RecordKey = (*Token)(&reject.Key)
			}
			r.Source, r.Period, r.ObjectID, r.RowNo, r.Normaliser = source, period, reject.Object, reject.RowNo, rejectsVersion
			r.RowKey = fmt.Sprintf("%s|%s|%d|%d", feed, hex.EncodeToString(reject.Object[:]), reject.RowNo, i)
			r.RowHash = int64(xxh3.HashString(r.RowKey + "\x00" + p.Code + "\x00" + p.Column + "\x00" + p.Message))
		}
	}
	return rows
}

// RecordToken is the token of a business key: by it, a corrected record that is delivered later is
// known to be the one in quarantine.
func RecordToken(tokens Tokenizer, key string) [16]byte { return tokens.Token("record", key) }

// NewTombstoneRows makes a tombstone of every key that a full delivery no longer holds. Object is
// the delivery's object.
func NewTombstoneRows(source, dataset, feed, period string, keys []string, object [16]byte) Rows {
	rows := newRows[Tombstone, *Tombstone]()
	for _, key := range keys {
		r := rows.next()
		r.Dataset, r.Feed = dataset, feed
		r.Source, r.Period, r.RowKey, r.ObjectID, r.Normaliser = source, period, key, object, 1
		r.RowHash = int64(xxh3.HashString(dataset + "\x00" + feed + "\x00" + key))
	}
	return rows
}
