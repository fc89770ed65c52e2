package main

import (
	"go/ast"
	"go/types"
	"strings"
)

// database/sql on gocsp/sql: the names are the same, but failures are thrown, and Scan returns what it reads.

// isolation has the levels by the names of Go's constants.
var isolation = map[string]string{
	"Default": "Default", "ReadUncommitted": "Read Uncommitted", "ReadCommitted": "Read Committed", "WriteCommitted": "Write Committed",
	"RepeatableRead": "Repeatable Read", "Snapshot": "Snapshot", "Serializable": "Serializable", "Linearizable": "Linearizable",
}

// sqlCall translates the calls of database/sql that differ.
func (t *tr) sqlCall(c *ast.CallExpr, fn *types.Func, sig *types.Signature, recv func() X) (X, bool) {
	name := strings.TrimSuffix(fn.Name(), "Context")
	switch name {
	case "Query", "QueryRow", "Exec":
		// The driver gets plain values.
		var args []string
		for i, a := range c.Args {
			switch {
			case i >= sig.Params().Len()-1 && c.Ellipsis.IsValid():
				args = append(args, "..."+t.expr(a).at(pUnary))
			case i >= sig.Params().Len()-1:
				args = append(args, t.expr(a).sure().at(pAssign))
			default:
				args = append(args, t.value(a, sig.Params().At(i).Type(), nil).at(pAssign))
			}
		}
		return prim("%s.%s%s", recv().at(pPrimary), lower(fn.Name()), t.callList(c, args)), true
	case "LastInsertId":
		return prim("%s.int(%s.lastInsertId())", t.sqlModule(), recv().at(pPrimary)), true
	case "Err":
		s := recv().at(pPrimary) + ".err() as Error | undefined"
		return X{s: s, p: pLess, undef: true}, true
	}
	return X{}, false
}

func (t *tr) sqlModule() string {
	return strings.TrimSuffix(t.stdFunc("database/sql", "open"), ".open")
}

// isScan reports whether a call reads a row into variables.
func isScan(fn *types.Func) bool {
	if fn == nil {
		return false
	}
	full := fn.FullName()
	return full == "(*database/sql.Row).Scan" || full == "(*database/sql.Rows).Scan"
}

// scanCall translates row.Scan(&a, &b) to [a, b] = row.scan(…), awaited if it waits.
func (t *tr) scanCall(c *ast.CallExpr) string {
	var targets, scanners []string
	for _, a := range c.Args {
		u, ok := ast.Unparen(a).(*ast.UnaryExpr)
		scanner := ""
		if ok {
			scanner = scannerOf(t.info.TypeOf(u.X))
		}
		if scanner == "" {
			t.mark(a.Pos(), "scan", "this argument of Scan", "read it with a scanner of gocsp/sql")
			targets, scanners = append(targets, ""), append(scanners, t.sqlModule()+".any")
			continue
		}
		targets, scanners = append(targets, t.lhs(u.X)), append(scanners, t.sqlModule()+"."+scanner)
	}
	x := t.recv(ast.Unparen(c.Fun).(*ast.SelectorExpr)).sure().at(pPrimary) + ".scan(" + strings.Join(scanners, ", ") + ")"
	if t.asyncCall(c) {
		x = "await " + x
	}
	return "[" + strings.Join(targets, ", ") + "] = " + x
}

// scannerOf names the scanner for a type, or "".
func scannerOf(ty types.Type) string {
	switch {
	case isBytes(ty):
		return "bytes"
	case isAny(ty):
		return "any"
	case isString(ty):
		return "string"
	case isBool(ty):
		return "bool"
	case isDuration(ty) || isTime(ty):
		return ""
	case isInteger(ty):
		return "int"
	case isFloat(ty):
		return "float"
	}
	return ""
}
