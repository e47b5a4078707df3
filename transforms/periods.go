package transforms

// month writes the month of a day, "2024-01". Months repeat, so each is written once.
func (f *Fields) month(day int32) string {
	y, m, _ := civilFromDays(day)
	at := y*12 + m
	if f.lastMonth == at && f.lastMonthText != "" {
		return f.lastMonthText
	}
	text, ok := f.months[at]
	if !ok {
		if f.months == nil {
			f.months = map[int]string{}
		}
		text = monthText(y, m)
		f.months[at] = text
	}
	f.lastMonth, f.lastMonthText = at, text
	return text
}

// monthOf writes the month of a moment by the calendar of Jakarta, whatever zone the feed's times
// are written in.
func (f *Fields) monthOf(us int64) string {
	return f.month(jakartaDay(us, zones["Asia/Jakarta"]))
}

func monthText(y, m int) string {
	return string([]byte{byte('0' + y/1000%10), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10), '-', byte('0' + m/10), byte('0' + m%10)})
}
