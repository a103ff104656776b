package dev.slipway.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// Runs contestants in turn, round after round, so that whatever else the machine does slows all of
/// them. The minimum of the rounds is the figure; the median says how much to trust it.
final class Race {
  private final String title;
  private final Map<String, Supplier<Contestant.Run>> starts = new LinkedHashMap<>();
  private final Map<String, List<Contestant.Run>> runs = new LinkedHashMap<>();

  Race(String title) {
    this.title = title;
  }

  /// @param start one run, and whatever has to be made for it first
  Race with(String name, Supplier<Contestant.Run> start) {
    starts.put(name, start);
    return this;
  }

  Race with(Contestant contestant) {
    return with(contestant.name(), contestant::succeed);
  }

  /// Lets these run no more; what they ran counts.
  Race without(String... names) {
    for (String name : names) {
      starts.remove(name);
    }
    return this;
  }

  Race rounds(int count) {
    for (int round = 0; round < count; round++) {
      starts.forEach(
          (name, start) -> runs.computeIfAbsent(name, _ -> new ArrayList<>()).add(start.get()));
    }
    return this;
  }

  /// Prints what they took, for people.
  Race tell() {
    for (String name : runs.keySet()) {
      System.err.println(
          String.format(
              Locale.ROOT,
              "%-12s %-12s min %8.3f s  median %8.3f s  peak %4.0f MB",
              title,
              name,
              seconds(name),
              median(name),
              peakMegabytes(name)));
    }
    return this;
  }

  double seconds(String name) {
    return Collections.min(times(name));
  }

  double ratio(String name, String to) {
    return seconds(name) / seconds(to);
  }

  double peakMegabytes(String name) {
    return of(name).stream().mapToLong(Contestant.Run::peakKilobytes).max().orElse(0) / 1024.0;
  }

  private double median(String name) {
    List<Double> sorted = times(name).stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private List<Double> times(String name) {
    return of(name).stream().map(Contestant.Run::seconds).toList();
  }

  private List<Contestant.Run> of(String name) {
    return runs.getOrDefault(name, List.of());
  }
}
