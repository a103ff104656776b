/// Reads the migration scripts that Entity Framework Core generates for PostgreSQL.
@NullMarked
package dev.slipway.changelog.ef;

import org.jspecify.annotations.NullMarked;
