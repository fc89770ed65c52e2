module record

go 1.25

require golang.org/x/time v0.12.0
