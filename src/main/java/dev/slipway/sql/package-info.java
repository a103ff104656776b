/// SQL as text: splitting it into statements, and quoting what goes into it. Knows no database.
@NullMarked
package dev.slipway.sql;

import org.jspecify.annotations.NullMarked;
