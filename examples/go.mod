module gocsp.example

go 1.26
