package privacy

// A Rotation makes the map from the tokens of one key to those of another, of the tokens that are
// wanted alone. It is a Tokenizer under the old key that looks on: whatever is tokenised with it is
// told to the map under the new key too. The map lives in the memory of the process that made it and
// nowhere else. It is not safe for concurrent use.
type Rotation struct {
	old, next *Tokenizer
	tokens    map[[16]byte][16]byte // zero: the value behind it has not been seen
	missing   int
}

// NewRotation begins a map from the tokens of one key to those of another.
func NewRotation(old, next Keys) *Rotation {
	return &Rotation{old: NewTokenizer(old), next: NewTokenizer(next), tokens: map[[16]byte][16]byte{}}
}

// Want says that a token of the old key is to be replaced.
func (r *Rotation) Want(token [16]byte) {
	if _, known := r.tokens[token]; !known {
		r.tokens[token] = [16]byte{}
		r.missing++
	}
}

// Token gives the token of the old key, and notes the new one where it is wanted.
func (r *Rotation) Token(purpose, value string) [16]byte {
	token := r.old.Token(purpose, value)
	if next, wanted := r.tokens[token]; wanted && next == ([16]byte{}) {
		r.tokens[token] = r.next.Token(purpose, value)
		r.missing--
	}
	return token
}

// Wanted counts the tokens that are to be replaced.
func (r *Rotation) Wanted() int { return len(r.tokens) }

// Missing counts the wanted tokens of which no value was seen.
func (r *Rotation) Missing() int { return r.missing }

// Next gives the new token for an old one. Where no value was seen it is made of the old token: rows
// of one person keep knowing each other, and nothing that comes later is known as that person's.
func (r *Rotation) Next(token [16]byte) [16]byte {
	if next := r.tokens[token]; next != ([16]byte{}) {
		return next
	}
	return r.next.Token(purposeUnseen, string(token[:]))
}

// Destroy empties the map.
func (r *Rotation) Destroy() {
	clear(r.tokens)
	r.missing = 0
}
