package dev.genserver.examples.jobs;

import dev.genserver.examples.jobs.Entry.Phase;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.MonitorRef;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.TaskSupervisor;
import dev.genserver.sdk.TimerRef;
import java.util.Map;

/// A queue of jobs. A few run at once, each in a task of its own: what a job does, also how it
/// fails, harms neither the queue nor other jobs. One that fails is tried again, after a pause that
/// grows. What became of a job is remembered for a while.
///
/// [Limits] lists the arguments. Nothing survives the end of the process. Takes no casts.
public final class Jobs extends GenServer<Queue, Jobs.Call, Void> {

  /// The supervisor of the tasks.
  static final String TASKS = "job-tasks";

  public sealed interface Call {

    /// Replies [Reply.Submitted] or [Reply.Refused].
    record Submit(Job job) implements Call {}

    /// Replies a [JobStatus].
    record Status(String id) implements Call {}

    /// Waits until the job is over, then replies its [JobStatus]; or [Reply.Refused].
    record Await(String id) implements Call {}

    /// Ends the job unless it is over, and replies its [JobStatus].
    record Cancel(String id) implements Call {}

    /// Replies [Counts].
    record Count() implements Call {}
  }

  /// What came of a call.
  public sealed interface Reply permits Reply.Submitted, Reply.Refused, JobStatus {

    /// The job is in the queue, or begun already.
    ///
    /// @param id what to ask for it by
    record Submitted(String id) implements Reply {}

    /// There is no room.
    record Refused(String message) implements Reply {}
  }

  /// How many jobs there are of each kind.
  public record Counts(int queued, int running, int pausing, int finished) {}

  /// The pause after a failure is over.
  record Retry(String id) {}

  /// The job finished long enough ago.
  record Forget(String id) {}

  @Override
  public Init<Queue> init(Args args) {
    return ok(new Queue(Limits.of(args), self().serial(), 0, Map.of()));
  }

  @Override
  public CallResult<Queue> handleCall(Call request, From from, Queue queue) {
    return switch (request) {
      case Call.Submit(Job job) -> submit(job, queue);
      case Call.Status(String id) -> reply(status(id, queue), queue);
      case Call.Await(String id) -> await(id, from, queue);
      case Call.Cancel(String id) -> {
        var next = queue.job(id).map(job -> cancel(job, queue)).orElse(queue);
        yield reply(status(id, next), next);
      }
      case Call.Count() -> reply(queue.counts(), queue);
    };
  }

  @Override
  public Result<Queue> handleInfo(InfoMessage message, Queue queue) {
    return switch (message) {
      case InfoMessage.Reply(MonitorRef ref, Object result) ->
          noReply(queue.running(ref).map(job -> done(job, ref, result, queue)).orElse(queue));
      case InfoMessage.Down(MonitorRef ref, _, ExitReason reason) ->
          noReply(queue.running(ref).map(job -> failed(job, reason, queue)).orElse(queue));
      case InfoMessage.Message(Retry(String id)) ->
          noReply(queue.pausing(id).map(job -> retry(job, queue)).orElse(queue));
      case InfoMessage.Message(Forget(String id)) ->
          noReply(queue.job(id).map(queue::without).orElse(queue));
      case InfoMessage other -> super.handleInfo(other, queue);
    };
  }

  /// Shows how many jobs there are, not what they are.
  @Override
  public Object formatStatus(Queue queue) {
    return queue.counts();
  }

  private static CallResult<Queue> submit(Job job, Queue queue) {
    if (!queue.hasRoom()) {
      var why = "too many jobs: max-unfinished is " + queue.limits().unfinished();
      return reply(new Reply.Refused(why), queue);
    }
    return reply(new Reply.Submitted(queue.nextId()), begin(queue.submit(job)));
  }

  private static JobStatus status(String id, Queue queue) {
    return queue.job(id).map(Entry::status).orElseGet(JobStatus.Unknown::new);
  }

  private static CallResult<Queue> await(String id, From from, Queue queue) {
    var job = queue.job(id).map(Entry::withoutGone);
    if (job.isEmpty() || job.get().isFinished()) {
      return reply(status(id, queue), queue);
    }
    if (job.get().waiting().size() >= queue.limits().waiters()) {
      var why = "too many wait for this job: max-waiting is " + queue.limits().waiters();
      return reply(new Reply.Refused(why), queue);
    }
    return noReply(queue.with(job.get().waiting(from)));
  }

  private static Queue cancel(Entry job, Queue queue) {
    return switch (job.phase()) {
      case Phase.Queued() -> finish(job, new JobStatus.Cancelled(), queue);
      case Phase.Running(Pid task, MonitorRef ref) -> {
        process().demonitor(ref);
        tasks().terminateChild(task);
        yield finish(job, new JobStatus.Cancelled(), queue);
      }
      case Phase.Pausing(_, TimerRef timer) -> {
        timer.cancel();
        yield finish(job, new JobStatus.Cancelled(), queue);
      }
      case Phase.Finished _ -> queue;
    };
  }

  /// The task has its result, so that its end is no news.
  private static Queue done(Entry job, MonitorRef ref, Object result, Queue queue) {
    process().demonitor(ref);
    return finish(job, new JobStatus.Done(result.toString(), job.attempts()), queue);
  }

  private static Queue failed(Entry job, ExitReason reason, Queue queue) {
    if (job.attempts() >= queue.limits().attempts()) {
      return finish(job, new JobStatus.Failed(text(reason), job.attempts()), queue);
    }
    var pause = queue.limits().backoff().after(job.attempts() - 1);
    var timer = process().sendAfter(self(), new Retry(job.id()), pause);
    return begin(queue.with(job.phase(new Phase.Pausing(text(reason), timer))));
  }

  private static Queue retry(Entry job, Queue queue) {
    return begin(queue.with(job.phase(new Phase.Queued())));
  }

  private static Queue finish(Entry job, JobStatus status, Queue queue) {
    job.waiting().forEach(from -> from.reply(status));
    process().sendAfter(self(), new Forget(job.id()), queue.limits().keep());
    return begin(queue.with(job.finished(status)).withinLimits());
  }

  /// Begins the next jobs, as many as may run.
  private static Queue begin(Queue queue) {
    var begun = queue;
    for (var next = begun.next(); next.isPresent(); next = begun.next()) {
      begun = begun.with(run(next.get()));
    }
    return begun;
  }

  private static Entry run(Entry entry) {
    var job = entry.job();
    var attempt = entry.attempts() + 1;
    var task = tasks().asyncNolink(() -> job.run(attempt));
    return entry.running(task.pid().orElseThrow(), task.ref());
  }

  private static TaskSupervisor tasks() {
    return process().taskSupervisor(ServerRef.named(TASKS));
  }

  private static String text(ExitReason reason) {
    return reason instanceof ExitReason.Failure(JobFailedException failure)
        ? failure.why()
        : reason.toString();
  }
}
