package dev.slipway.history;

import dev.slipway.migration.ForeignId;
import dev.slipway.postgres.Row;
import dev.slipway.postgres.Session;
import dev.slipway.postgres.SqlStates;
import dev.slipway.sql.Identifier;
import dev.slipway.sql.Literal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What another migration tool recorded in this database.
///
/// @param table its table as SQL, with its schema
/// @param applied in order; at least one
public record OtherHistory(OtherTool tool, String table, List<Applied> applied) {

  /// A migration that the tool applied.
  ///
  /// @param version what identifies it
  /// @param description empty if there is none
  /// @param foreignId empty if the version alone identifies it
  public record Applied(String version, String description, Optional<ForeignId> foreignId) {
    /// For people.
    public String text() {
      return description.isEmpty() ? version : "%s (%s)".formatted(version, description);
    }
  }

  public OtherHistory {
    applied = List.copyOf(applied);
  }

  /// The first on the search path that holds anything and may be read.
  public static Optional<OtherHistory> find(Session session) throws SQLException {
    return find(EnumSet.allOf(OtherTool.class), session);
  }

  /// The same of one tool.
  public static Optional<OtherHistory> find(OtherTool tool, Session session) throws SQLException {
    return find(EnumSet.of(tool), session);
  }

  private static Optional<OtherHistory> find(Set<OtherTool> tools, Session session)
      throws SQLException {
    for (Row row : session.query(tables(tools))) {
      OtherTool tool = tool(row.text(1));
      String table =
          new Identifier(row.text(0)).quoted() + "." + new Identifier(row.text(1)).quoted();
      List<Applied> applied = read(session, tool.select(table));
      if (!applied.isEmpty()) {
        return Optional.of(new OtherHistory(tool, table, applied));
      }
    }
    return Optional.empty();
  }

  /// Schema and name of each of their tables that can be read, in the order of the search path.
  private static String tables(Set<OtherTool> tools) {
    return """
    SELECT n.nspname, c.relname
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY (pg_catalog.current_schemas(false))
      AND c.relkind = 'r'
      AND c.relname IN (%s)
      AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
    ORDER BY pg_catalog.array_position(pg_catalog.current_schemas(false), n.nspname), c.relname"""
        .formatted(
            tools.stream()
                .map(tool -> new Literal(tool.table()).quoted())
                .collect(Collectors.joining(", ")));
  }

  /// A table of the same name with other columns is not the tool's.
  private static List<Applied> read(Session session, String select) throws SQLException {
    List<Applied> applied = new ArrayList<>();
    try {
      for (Row row : session.query(select)) {
        applied.add(new Applied(row.text(0), row.text(1), foreignId(row)));
      }
    } catch (SQLException e) {
      if (!SqlStates.UNDEFINED_COLUMN.equals(e.getSQLState())) {
        throw e;
      }
    }
    return applied;
  }

  private static Optional<ForeignId> foreignId(Row row) {
    return row.isNull(3)
        ? Optional.empty()
        : Optional.of(new ForeignId(row.text(0), row.text(2), List.of(row.text(3))));
  }

  /// Those that more than a version identifies.
  public List<ForeignId> foreignIds() {
    return applied.stream().map(Applied::foreignId).flatMap(Optional::stream).toList();
  }

  private static OtherTool tool(String table) {
    return Arrays.stream(OtherTool.values())
        .filter(tool -> tool.table().equals(table))
        .findFirst()
        .orElseThrow();
  }
}
