package dev.genserver.cli;

import org.jspecify.annotations.Nullable;

/// `genserver why`: what a process is at, what waits for it, what it waits for, how it last ended.
final class WhyView {

  private static final int FRAMES = 12;

  private WhyView() {}

  static void show(@Nullable Object reply, Screen screen) {
    var why = Fields.of(reply);
    head(why, screen);
    why.object("now").ifPresent(now -> now(now, screen));
    waitsFor(why, screen);
    if (why.has("queued")) {
      waiting(why, screen);
    }
    why.object("last_crash").ifPresent(crash -> crash(crash, screen));
  }

  private static void head(Fields why, Screen screen) {
    var name = why.has("name") ? why.text("name") + " " : "";
    var server = why.has("server") ? " (" + ProcessViews.simpleName(why.text("server")) + ")" : "";
    screen.line(
        screen.paint(Screen.Paint.HEADING, name + why.text("pid"))
            + server
            + " is "
            + screen.status(ProcessViews.words(why.text("status"))));
  }

  private static void now(Fields now, Screen screen) {
    var line = "at work on " + message(now);
    if (now.has("for_ms")) {
      line += ", for " + Age.of(now.number("for_ms"));
    }
    screen.line(line);
    trace(now, screen);
    var stack = now.texts("stack");
    stack.stream().limit(FRAMES).forEach(frame -> screen.line("    at " + frame));
    if (stack.size() > FRAMES) {
      screen.line("    … " + ProcessViews.count(stack.size() - FRAMES, "more frame"));
    }
  }

  private static void trace(Fields work, Screen screen) {
    if (work.has("trace_id")) {
      screen.line("    for the trace " + work.text("trace_id"));
    }
  }

  private static void waitsFor(Fields why, Screen screen) {
    var waits = why.objects("waits_for");
    for (var i = 0; i < waits.size(); i++) {
      var wait = waits.get(i);
      var name = wait.has("name") ? wait.text("name") + " " : "";
      var age = wait.has("for_ms") ? ", for " + Age.of(wait.number("for_ms")) : "";
      screen.line(
          (i == 0 ? "waits for " : "  ".repeat(i) + "which waits for ")
              + screen.paint(Screen.Paint.WAITING, name + wait.text("pid"))
              + ": "
              + wait.text("what")
              + age);
    }
  }

  private static void waiting(Fields why, Screen screen) {
    long queued = why.number("queued");
    if (queued == 0) {
      screen.line("nothing waits in its mailbox");
      return;
    }
    screen.line(
        ProcessViews.count(queued, "message")
            + (queued == 1 ? " waits" : " wait")
            + " in its mailbox");
    var shown = why.objects("waiting");
    for (var message : shown) {
      var age = message.has("age_ms") ? ", for " + Age.of(message.number("age_ms")) : "";
      screen.line("    " + message(message) + age);
    }
    if (shown.size() < queued) {
      screen.line("    … " + (queued - shown.size()) + " more");
    }
  }

  /// `call Sleep[millis=60000] from <1.7>`.
  private static String message(Fields message) {
    var from = message.has("from") ? " from " + message.text("from") : "";
    return (message.text("kind") + " " + message.text("message")).strip() + from;
  }

  private static void crash(Fields crash, Screen screen) {
    var ago = crash.has("ago_ms") ? " " + Age.of(crash.number("ago_ms")) + " ago" : "";
    screen.line("last crash" + ago + ": " + screen.paint(Screen.Paint.BAD, crash.text("reason")));
    if (crash.has("message")) {
      screen.line("    at work on " + crash.text("message"));
    }
    if (crash.has("state")) {
      screen.line("    with the state " + crash.text("state"));
    }
    trace(crash, screen);
    crash.texts("stack").stream().limit(FRAMES).forEach(frame -> screen.line("    at " + frame));
  }
}
