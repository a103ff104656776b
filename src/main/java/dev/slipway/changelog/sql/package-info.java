/// The reader for plain SQL: a file is a migration, its name is the id.
@NullMarked
package dev.slipway.changelog.sql;

import org.jspecify.annotations.NullMarked;
