package dev.vramcast.answers.models;

import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.core.input.Subject;
import java.util.List;

/** What the embedded catalogue knows. */
public record ModelsOperation() implements Operation {

  private static final Parameter SEARCH =
      Parameter.word("SEARCH", "Part of a name, an alias, a Hub id or a model type.");

  @Override
  public String name() {
    return "models";
  }

  @Override
  public String summary() {
    return "List the models of the catalogue, or those that match a word.";
  }

  @Override
  public Subject subject() {
    return Subject.CATALOGUE;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(SEARCH);
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(ModelsRecord.class);
  }

  @Override
  public ModelsReport answer(Call call) {
    return ModelsReport.of(ModelCatalog.embedded(), call.given().value(SEARCH));
  }
}
