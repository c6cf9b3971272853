package dev.vramcast.answers.operation;

import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.NoRoom;
import dev.vramcast.answers.text.NotModelled;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.UnsupportedJobException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Something that can be asked. */
public interface Operation {

  /** What an operation is about. */
  enum Subject {
    /** A job, with or without files. */
    JOB(JobParameters.AS, JobParameters.REVISION),
    /** Training files alone. */
    FILES(JobParameters.AS),
    /** What this program knows by itself. */
    CATALOGUE;

    private final List<Parameter> parameters;

    Subject(Parameter... parameters) {
      this.parameters = List.of(parameters);
    }

    /** What may be said beside any such subject. */
    public List<Parameter> parameters() {
      return parameters;
    }
  }

  /** One word. */
  String name();

  /** One sentence. */
  String summary();

  Subject subject();

  /** What may be said in this operation alone, whoever may say it. */
  List<Parameter> parameters();

  /** Of {@link #parameters}, what somebody may say who is here, or elsewhere. */
  default List<Parameter> parameters(Parameter.Asker asker) {
    return parameters().stream()
        .filter(it -> it.asker() == Parameter.Asker.ANYBODY || it.asker() == asker)
        .toList();
  }

  /** What {@link #answer} tells programs is one of these records. */
  List<Class<? extends Record>> answers();

  /**
   * The answer.
   *
   * @throws dev.vramcast.core.input.InputException when something that is given cannot be used
   * @throws UnsupportedJobException when the job cannot be estimated
   */
  Answer answer(Call call);

  /**
   * As {@link #answer}, where a job that is not modelled, or does not start for lack of memory, has
   * that for its verdict.
   *
   * @throws dev.vramcast.core.input.InputException when something that is given cannot be used
   */
  default Answer verdict(Call call) {
    return verdict(() -> answer(call));
  }

  /** What is answered, or the verdict that it ends with. */
  static Answer verdict(Supplier<? extends Answer> answered) {
    try {
      return answered.get();
    } catch (UnsupportedJobException | InputException e) {
      return verdict(e).orElseThrow(() -> e);
    }
  }

  /** The verdict that an answer ended with; empty where it is a mistake in what was given. */
  static Optional<Answer> verdict(RuntimeException end) {
    if (end instanceof UnsupportedJobException unsupported) {
      return Optional.of(NotModelled.of(unsupported));
    }
    return end instanceof InputException refusal && refusal.isForLackOfMemory()
        ? Optional.of(NoRoom.of(refusal))
        : Optional.empty();
  }
}
