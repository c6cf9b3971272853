package dev.vramcast.core.autograd.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.api.Test;

class NamedWeightsTest {

  private final TracedCall call = new TracedCall();

  @Test
  void aLayerHoldsItsWeightsUntilItReturns() {
    NamedWeights names = new NamedWeights(false);
    names.startLoop();

    assertThat(call.during(() -> attend(names, 8))).isEqualTo("+8");
    assertThat(call.during(() -> names.endLayer(call.graph))).isEqualTo("-8");
  }

  @Test
  void aLoopHoldsTheWeightsThatALayerReturnsUntilTheNextReturns() {
    NamedWeights names = new NamedWeights(true);
    names.startLoop();

    assertThat(call.during(() -> layer(names, 8))).isEqualTo("+8");
    assertThat(call.during(() -> layer(names, 9))).isEqualTo("+9 -8");
    assertThat(call.during(() -> names.endLoop(call.graph))).isEqualTo("-9");
  }

  @Test
  void aLayerThatRunsAgainReturnsToNoLoop() {
    NamedWeights names = new NamedWeights(true);
    names.startLoop();
    names.endLoop(call.graph);

    assertThat(call.during(() -> layer(names, 8))).isEqualTo("+8 -8");
  }

  @Test
  void weightsOfLayersThatCountAsSeveralAreMadeOnceForTheNextLayer() {
    NamedWeights names = new NamedWeights(true);
    names.startLoop();

    assertThat(call.during(() -> names.repeat(call.graph, 1, () -> layer(names, 8))))
        .isEqualTo("+8 -8 +8");
    assertThat(call.during(() -> names.repeat(call.graph, 1, () -> layer(names, 9))))
        .isEqualTo("+9 -9 -8 +9");
  }

  private void layer(NamedWeights names, long units) {
    attend(names, units);
    names.endLayer(call.graph);
  }

  private void attend(NamedWeights names, long units) {
    Tensor made = call.constant(units, DataType.BF16);
    names.name(call.graph, made);
    call.graph.release(made);
  }
}
