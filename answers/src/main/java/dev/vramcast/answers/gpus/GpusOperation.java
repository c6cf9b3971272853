package dev.vramcast.answers.gpus;

import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.core.input.Subject;
import java.util.List;

/** The accelerators of the catalogue. */
public record GpusOperation() implements Operation {

  private static final Parameter SEARCH =
      Parameter.word(
          "SEARCH",
          "Names, a maker, a generation or a size of memory: A10G,A100, nvidia, blackwell,"
              + " 24GB.., 16GB..48GB; joined by colons: nvidia:24GB..");

  @Override
  public String name() {
    return "gpus";
  }

  @Override
  public String summary() {
    return "List the GPUs of the catalogue, or those that a filter lets through.";
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
    return List.of(GpusRecord.class);
  }

  @Override
  public GpusReport answer(Call call) {
    return GpusReport.of(GpuCatalog.embedded(), call.given().value(SEARCH));
  }
}
