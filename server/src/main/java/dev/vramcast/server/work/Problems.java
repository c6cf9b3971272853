package dev.vramcast.server.work;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.core.input.InputException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Says what a failure means for whoever asked. */
public final class Problems {

  /** When to ask again whoever is told 503. */
  public static final String RETRY_AFTER_SECONDS = "1";

  private final Work work;

  public Problems(Work work) {
    this.work = work;
  }

  /** Answers with the problem that a failure is. */
  public void answer(Throwable failure, Context context) {
    Problem problem = problem(failure, Optional.ofNullable(context.attribute(OPERATION)));
    write(problem, context);
  }

  /** The attribute of a request that names its operation. */
  public static final String OPERATION = "operation";

  public static void write(Problem problem, Context context) {
    if (problem.status() == 503) {
      context.header("Retry-After", RETRY_AFTER_SECONDS);
    }
    context.status(problem.status());
    context.result(problem.json()).contentType(Problem.CONTENT_TYPE);
  }

  /** What is told of a mistake of this program, which the log tells more of. */
  public static Problem mistake(Throwable failure) {
    String number = Mistakes.tell(failure);
    return Problem.of(
        500,
        "this is a mistake in vramcast, please report it with what was asked; the server's log has"
            + " it as mistake "
            + number);
  }

  /** What a failure is; nothing of this program's inside is told. */
  public Problem problem(Throwable failure, Optional<Operation> operation) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return problem(failure.getCause(), operation);
    }
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    if (failure instanceof TimeoutException) {
      return work.tooLong().problem();
    }
    if (failure instanceof InputException refused) {
      return Problem.of(refused.error(), operation);
    }
    if (failure instanceof HttpResponseException http) {
      return Problem.of(http.getStatus(), "nothing here answers such a request");
    }
    return mistake(failure);
  }
}
