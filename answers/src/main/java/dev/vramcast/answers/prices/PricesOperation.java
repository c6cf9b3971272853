package dev.vramcast.answers.prices;

import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;

/** What GPUs cost by the hour, and how old those prices are. */
public record PricesOperation() implements Operation {

  private static final Parameter GPU =
      Parameter.word(
              "GPU",
              "Names, a maker, a size of memory or a count: H100, A10G,A100, 24GB.., H100:8.")
          .called(JobKey.GPU.label());

  private static final Parameter SPOT =
      MarketParameters.spot("Only offers with a spot price, ordered by it.");

  @Override
  public String name() {
    return "prices";
  }

  @Override
  public String summary() {
    return "List what GPUs cost by the hour, the cheapest first, with the age of the prices.";
  }

  @Override
  public Subject subject() {
    return Subject.CATALOGUE;
  }

  @Override
  public List<Parameter> parameters() {
    return MarketParameters.between(GPU, SPOT, List.of());
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(PricesRecord.class);
  }

  @Override
  public PricesReport answer(Call call) {
    return MarketParameters.request(call, SPOT, call.given().value(GPU)).report(call.today());
  }
}
