module gocsp.dev/port

go 1.26.0
