package dev.vramcast.answers.guide;

import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.input.Subject;
import java.util.List;

/** A guide's memory table, recomputed and judged. */
public record GuideOperation() implements Operation {

  /** The guide never changes, and takes seconds to recompute. */
  private static final class Recomputed {
    static final Answer ANSWER = GuideReport.create();
  }

  @Override
  public String name() {
    return "guide";
  }

  @Override
  public String summary() {
    return "Recompute a guide's memory table by its own rule of thumb, beside estimates.";
  }

  @Override
  public Subject subject() {
    return Subject.CATALOGUE;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(GuideRecord.class);
  }

  @Override
  public Answer answer(Call call) {
    return Recomputed.ANSWER;
  }
}
