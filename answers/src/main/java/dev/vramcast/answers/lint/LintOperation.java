package dev.vramcast.answers.lint;

import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Subject.Item;
import java.util.List;

/** What in a training file does not do what it seems to. */
public record LintOperation() implements Operation {

  @Override
  public String name() {
    return "lint";
  }

  @Override
  public String summary() {
    return "Find keys of a training file that do nothing, are misspelt or contradict each other.";
  }

  @Override
  public Subject subject() {
    return Subject.FILES;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(LintRecord.class);
  }

  @Override
  public LintReport answer(Call call) {
    if (call.base().isEmpty()) {
      throw InputError.of("no file")
          .concerning(new Item("files"))
          .hint("give the training file of a framework")
          .refusal();
    }
    return new LintReport(call.base().reading());
  }
}
