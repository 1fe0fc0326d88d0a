package dev.genserver.benchmarks;

import dev.genserver.benchmarks.UnderUpgrades.Settings;
import dev.genserver.client.GenServerException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What an operator did to a plugin, and what the daemon said of it. For one thread.
final class UpgradesLog {

  /// Something that the daemon did.
  interface Work<T> {
    T run() throws IOException;
  }

  /// When the daemon was at work for the operator; nanoseconds.
  record Span(long begin, long end) {

    boolean meets(TallyLoad.Timing timing) {
      return timing.due() - end < 0 && timing.end() - begin > 0;
    }
  }

  /// The plugin's desk changes its code too.
  private static final int DESKS = 1;

  private static final Pattern PAUSE = Pattern.compile("after a pause of ([0-9,]+) ms");

  final List<Span> spans = new ArrayList<>();
  final List<Double> pauses = new ArrayList<>(); // of what was done in earnest; milliseconds
  final List<Double> pausesInVain = new ArrayList<>();
  final List<String> problems = new ArrayList<>();
  int changes;
  int rehearsals;
  int refusals;

  /// The warm-up does not count, but for what was wrong with it.
  void forget() {
    spans.clear();
    pauses.clear();
    pausesInVain.clear();
    changes = 0;
    rehearsals = 0;
    refusals = 0;
  }

  void changed(Settings settings, Work<Operator.Change> work) throws IOException {
    var change = timed(work);
    check(change, settings);
    pauses.add(change.pauseMillis());
    changes++;
  }

  void rehearsed(Settings settings, Work<Operator.Change> work) throws IOException {
    var change = timed(work);
    check(change, settings);
    pausesInVain.add(change.pauseMillis());
    rehearsals++;
  }

  void refused(Work<GenServerException> work) throws IOException {
    var why = String.valueOf(timed(work).getMessage());
    var pause = PAUSE.matcher(why);
    if (why.contains("as it was built to") && pause.find()) {
      pausesInVain.add(Double.valueOf(pause.group(1).replace(",", "")));
    } else {
      problems.add("a version that fails was refused for another reason: " + why);
    }
    refusals++;
  }

  private void check(Operator.Change change, Settings settings) {
    if (change.processes() != settings.processes() + DESKS
        || !change.broken().isEmpty()
        || change.reverted() != 0) {
      problems.add("an upgrade did not do what it was to do: " + change);
    }
  }

  private <T> T timed(Work<T> work) throws IOException {
    var begin = System.nanoTime();
    var result = work.run();
    spans.add(new Span(begin, System.nanoTime()));
    return result;
  }
}
