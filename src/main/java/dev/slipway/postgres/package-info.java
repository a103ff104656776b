/// A session with a PostgreSQL server: connecting, sending statements, reading rows and failures.
/// The only package that imports pgjdbc.
@NullMarked
package dev.slipway.postgres;

import org.jspecify.annotations.NullMarked;
