package dev.vramcast.server.lines;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.fields.LocalContext;
import dev.vramcast.answers.fields.RemoteContext;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.answers.registry.Operations;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.input.text.BoundedLines;
import dev.vramcast.server.work.Problem;
import dev.vramcast.server.work.Problems;
import dev.vramcast.server.work.Turn;
import dev.vramcast.server.work.Work;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Answers questions that come in lines, each in a line, in the order in which they are done. */
final class LineConnection {

  private static final List<String> NAMES = Operations.ALL.stream().map(Operation::name).toList();

  private final Work work;
  private final OutputStream out;
  private final Clock clock;
  private final GpuFinder gpus;
  private final KeptPrices prices;
  private final Map<Long, Due> due = new ConcurrentHashMap<>();

  /**
   * A question that is not answered yet.
   *
   * @param answer what is being computed
   * @param written done when the answer is out
   */
  private record Due(CompletableFuture<String> answer, CompletableFuture<String> written) {}

  LineConnection(Work work, OutputStream out, Clock clock, GpuFinder gpus, KeptPrices prices) {
    this.work = work;
    this.out = out;
    this.clock = clock;
    this.gpus = gpus;
    this.prices = prices;
  }

  /** Answers until the input ends, and then what was asked before. */
  void run(BoundedLines in, int mostBytes) {
    in.each(line -> take(line, mostBytes));
    CompletableFuture.allOf(
            due.values().stream().map(Due::written).toArray(CompletableFuture[]::new))
        .exceptionally(failure -> null)
        .join();
  }

  private void take(byte[] line, int mostBytes) {
    OptionalLong id = OptionalLong.empty();
    Optional<Operation> operation = Optional.empty();
    try {
      if (line.length > mostBytes) {
        throw InputError.of("is longer than ", mostBytes, " bytes")
            .kind(ErrorKind.MALFORMED)
            .at(LineMessage.LINE)
            .refusal();
      }
      LineMessage message = LineMessage.read(line);
      id = message.id();
      OptionalLong cancelled = message.cancelled();
      if (cancelled.isPresent()) {
        Optional.ofNullable(due.get(cancelled.getAsLong()))
            .ifPresent(it -> it.answer().cancel(true));
        return;
      }
      Operation asked = operation(message.operation());
      operation = Optional.of(asked);
      long number = id.orElseThrow(LineConnection::noId);
      ask(number, asked, message);
    } catch (RuntimeException e) {
      write(problem(id, e, operation));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what is due tells of every failure
  private void ask(long id, Operation operation, LineMessage message) {
    CompletableFuture<String> answer =
        work.submit(
            turn ->
                JsonText.line(
                    operation
                        .verdict(
                            FieldReader.call(operation, message.fields(), context(message, turn)))
                        .json(Version.current())));
    Due question =
        new Due(
            answer,
            answer.whenComplete(
                (json, failure) ->
                    write(
                        json == null
                            ? problem(OptionalLong.of(id), failure, Optional.of(operation))
                            : "{\"id\":" + id + ",\"answer\":" + json + "}")));
    due.put(id, question);
    question.written().whenComplete((json, failure) -> due.remove(id, question));
  }

  private LocalContext context(LineMessage message, Turn turn) {
    return LocalContext.of(
        message.paths(),
        message.folder(),
        gpus,
        new RemoteContext(
            message.asksHub() ? Network.ALLOWED : Network.FORBIDDEN,
            LocalDate.now(clock),
            prices,
            turn.progress(),
            work.steps().helpedBy(turn.helpers())));
  }

  private static Operation operation(String name) {
    return Operations.ALL.stream()
        .filter(operation -> operation.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                InputError.unknown("operation", name, NAMES)
                    .allowed(String.join(", ", NAMES))
                    .refusal());
  }

  private static InputException noId() {
    return InputError.of("has no id")
        .kind(ErrorKind.MISSING)
        .at(LineMessage.LINE)
        .allowed("a whole number")
        .refusal();
  }

  private String problem(OptionalLong id, Throwable failure, Optional<Operation> operation) {
    Problem problem = new Problems(work).problem(failure, operation);
    return "{\"id\":"
        + (id.isPresent() ? String.valueOf(id.getAsLong()) : "null")
        + ",\"problem\":"
        + JsonText.line(RecordJson.of(problem.told()))
        + "}";
  }

  private synchronized void write(String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      // Whoever asked is gone; the input ends too.
    }
  }
}
