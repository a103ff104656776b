/// Takes a database to a changelog: opening it, running a plan, telling what happened.
@NullMarked
package dev.slipway.migrate;

import org.jspecify.annotations.NullMarked;
