module gocsp.test/golib

go 1.26
