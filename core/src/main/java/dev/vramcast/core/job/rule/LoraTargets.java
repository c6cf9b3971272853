package dev.vramcast.core.job.rule;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.job.option.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The modules that get adapters when nobody names them. */
public final class LoraTargets {

  public static final List<String> QUERY_VALUE = List.of("q_proj", "v_proj");

  /** The seven projections of a Llama-type layer. */
  public static final List<String> PROJECTIONS =
      List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

  private static final List<String> KEY_VALUE_DOWN = List.of("k_proj", "v_proj", "down_proj");

  private static final String SOURCE = "peft: src/peft/utils/constants.py";

  /** PEFT's entry for the model, which only a configuration given as an object tells. */
  public static final Rule OF_PEFT =
      partial ->
          Optional.of(
              scaled(partial)
                  .or(
                      () ->
                          ofModel(partial)
                              .map(
                                  names ->
                                      new Rule.Resolved(
                                          names, Provenance.FRAMEWORK_DEFAULT, SOURCE)))
                  .orElse(
                      new Rule.Resolved(
                          QUERY_VALUE, Provenance.ASSUMED, SOURCE + ", as for most model types")));

  private LoraTargets() {}

  /**
   * The projections of a model some of whose linears PEFT refuses: the usual ones, else all that it
   * takes.
   *
   * @param refused names of the others
   */
  public static List<String> projections(Architecture model, Set<String> refused) {
    List<String> names =
        model.layers().stream()
            .flatMap(run -> run.period().stream())
            .flatMap(layer -> layer.mixer().linears().stream())
            .map(Linear::lastName)
            .distinct()
            .filter(name -> !refused.contains(name))
            .toList();
    return names.stream().anyMatch(PROJECTIONS::contains) ? PROJECTIONS : names;
  }

  /** Those of method ia3; Gemma, Qwen and some others have q_proj in the place of k_proj. */
  private static Optional<Rule.Resolved> scaled(PartialJob d) {
    String note = SOURCE + ", as for Llama and Mistral";
    return d.method() == Method.IA3
        ? Optional.of(new Rule.Resolved(KEY_VALUE_DOWN, Provenance.ASSUMED, note))
        : Optional.empty();
  }

  private static Optional<List<String>> ofModel(PartialJob d) {
    return d.model().map(model -> model.traits().adapters().targets());
  }
}
