package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.hardware.MatmulClass;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.time.rate.Coefficients;
import dev.vramcast.core.time.rate.Exchange;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Links;
import dev.vramcast.core.time.rate.Rates;
import dev.vramcast.core.time.rate.Stack;
import dev.vramcast.core.time.work.ModelWork;
import dev.vramcast.core.time.work.Passes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The formula, against speeds that were computed from the same inputs by other code. */
class StepTimeVectorsTest {

  private static final SpeedCoefficients ALL =
      SpeedCoefficients.BEFORE
          .with(SpeedCoefficient.MI300X, 0.515)
          .with(SpeedCoefficient.CONTENTION, 0)
          .with(SpeedCoefficient.RECOMPUTED, 1);

  private static double of(SpeedCoefficient key) {
    return ALL.of(key);
  }

  record Vector(Map<String, String> cells) {

    String text(String key) {
      return cells.get(key);
    }

    double number(String key) {
      return Double.parseDouble(text(key));
    }

    int whole(String key) {
      return (int) number(key);
    }

    boolean yes(String key) {
      return text(key).equals("True");
    }

    @Override
    public String toString() {
      return text("row_id") + " " + text("model") + " on " + text("gpu");
    }
  }

  static List<Vector> vectors() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                StepTimeVectorsTest.class.getResourceAsStream("vectors.csv"),
                StandardCharsets.UTF_8))) {
      List<String> keys = List.of(reader.readLine().split(","));
      return reader.lines().map(line -> vector(keys, line.split(",", -1))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Vector vector(List<String> keys, String[] cells) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < cells.length; i++) {
      map.put(keys.get(i), cells[i]);
    }
    return new Vector(map);
  }

  @Test
  void there_are_vectors_of_every_kind() {
    assertThat(vectors()).hasSize(53);
    assertThat(vectors()).extracting(v -> v.text("method")).contains("full", "lora", "qlora");
    assertThat(vectors()).extracting(v -> v.text("prec")).contains("bf16", "fp8", "fp4");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void the_formula_gives_the_speed_of_each_vector(Vector v) {
    double speed = 1 / StepTime.of(inputs(v)).total();

    assertThat(speed).isCloseTo(v.number("predicted_tok_s_gpu"), withinPercentage(1));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void a_pass_without_a_graph_takes_what_a_forward_pass_computes(Vector v) {
    StepTime.Inputs alone = inputs(v);
    StepTime.Inputs with = withForward(alone);
    StepTime without = StepTime.of(alone);
    StepTime both = StepTime.of(with);

    double forward = without.forward(alone.passes(), ALL);
    double more = (run(both) - run(without)) * both.loss();
    assertThat(more).isPositive().isLessThan(forward * (1 + 1e-9));
    if (without.busy() > 2 * without.launch()) {
      assertThat(more).isCloseTo(forward, withinPercentage(1e-6));
    }
    assertThat(both.forward(with.passes(), ALL)).isCloseTo(forward, withinPercentage(1e-9));
  }

  private static double run(StepTime time) {
    return time.busy() + time.waiting();
  }

  private static StepTime.Inputs withForward(StepTime.Inputs in) {
    Passes p = in.passes();
    return new StepTime.Inputs(
        in.work(),
        new Passes(p.linear(), p.head(), p.recomputed(), 1, p.adapters()),
        in.rates(),
        in.layout(),
        in.tokens(),
        in.overheads(),
        in.all());
  }

  private static StepTime.Inputs inputs(Vector v) {
    boolean adapters = v.text("method").endsWith("lora");
    Layout layout = layout(v);
    double trained = adapters ? 0 : v.number("P_total");
    return new StepTime.Inputs(
        work(v),
        new Passes(adapters ? 2 : 3, adapters ? 2 : 3, recomputed(v.number("ac")), 0, adapters),
        rates(v),
        layout,
        v.number("T"),
        new StepTime.Overheads(
            stack(v).launchSeconds(v.yes("zero3_ds") ? Strategy.ZERO3 : Strategy.DDP, ALL),
            exchange(v, layout, adapters),
            of(SpeedCoefficient.OPTIMIZER_BYTES) * trained / v.number("n"),
            0,
            0,
            Optional.empty(),
            0,
            TowerTime.NONE),
        ALL);
  }

  private static Passes.Recomputed recomputed(double share) {
    return new Passes.Recomputed(share, share, share);
  }

  private static ModelWork work(Vector v) {
    int layers = v.whole("L");
    return new ModelWork(
        layers,
        v.number("d"),
        new ModelWork.Weights(v.number("P_lin"), v.number("P_layers_total"), 0, v.number("P_head")),
        layers * v.number("s") * v.number("dq"),
        layers * v.number("dq"),
        0,
        layers * (v.number("d") + v.number("ff")),
        ModelWork.Shapes.NONE);
  }

  private static Rates rates(Vector v) {
    MatmulClass kind =
        switch (v.text("gpu_class")) {
          case "A100" -> MatmulClass.A100;
          case "Hopper" -> MatmulClass.HOPPER;
          case "H20" -> MatmulClass.H20;
          case "BlackwellDC" -> MatmulClass.BLACKWELL;
          case "CDNA3" -> MatmulClass.MI300X;
          case "CDNA4" -> MatmulClass.CDNA4;
          case "L40S" -> MatmulClass.ADA_SERVER;
          default -> MatmulClass.RTX;
        };
    double half = v.number("peak_bf16") * 1e12 * of(kind.efficiency());
    double low = v.number("peak_low") * 1e12 * of(kind.efficiency());
    double linear =
        switch (v.text("prec")) {
          case "fp8" -> low * of(kind.fp8());
          case "fp4" -> low * of(SpeedCoefficient.NVFP4);
          default -> half;
        };
    return new Rates(
        linear,
        half,
        new Rates.Attention(v.text("a_key").equals("a") ? 0.565 : 0.39, 0, 0),
        v.number("hbm_GBs") * 1e9,
        new Rates.Traffic(
            31, 0, v.text("method").equals("qlora") ? of(SpeedCoefficient.DEQUANTISED_BYTES) : 0),
        kernels(v),
        half);
  }

  private static double kernels(Vector v) {
    return switch (v.text("tier")) {
      case "opt" -> 1;
      case "compile" -> 0.99;
      case "fusedhf" -> 0.925;
      default -> 1.22;
    };
  }

  private static Stack stack(Vector v) {
    return switch (v.text("tier")) {
      case "opt" -> Stack.TUNED;
      case "compile" -> Stack.COMPILED;
      case "fusedhf" -> Stack.FUSED;
      default -> Stack.EAGER;
    };
  }

  private static Layout layout(Vector v) {
    int modelParallel = v.whole("mp");
    return new Layout(
        v.whole("n"),
        v.whole("nodes"),
        v.whole("n") / modelParallel,
        new Layout.Degrees(v.whole("tp"), v.whole("pp"), v.whole("cp"), 1),
        0,
        v.whole("ga"),
        0,
        new Layout.Losses(of(SpeedCoefficient.MODEL_PARALLEL), of(SpeedCoefficient.MACHINES)));
  }

  private static Exchange exchange(Vector v, Layout layout, boolean adapters) {
    if (layout.dataParallel() == 1) {
      return Exchange.NONE;
    }
    Communication.Bytes bytes =
        new Communication.Bytes(
            v.yes("sgo") ? 1 : 2,
            v.text("method").equals("qlora") ? 0.55 : 2,
            v.number("P_layers_total"),
            2,
            adapters ? 0 : v.number("P_layers_total"),
            layout.dataParallel());
    double ring = links(v).ring(layout.machines() > 1, layout.degrees().stageWidth());
    return v.yes("shard")
        ? new Exchange(bytes.sharded() / ring, 0, 0, of(SpeedCoefficient.OVERLAP))
        : new Exchange(0, bytes.replicated() / ring, 0, of(SpeedCoefficient.OVERLAP));
  }

  private static Links links(Vector v) {
    return switch (v.text("link")) {
      case "pcie" -> links(of(SpeedCoefficient.PCIE) * 1e9);
      case "slowpcie" -> links(Coefficients.PCIE_THROUGH_HOST);
      default -> links(of(SpeedCoefficient.NVLINK) * v.number("nvlink_GBs") * 1e9);
    };
  }

  private static Links links(double within) {
    return new Links(
        within,
        within,
        true,
        false,
        new Links.Outside(
            of(SpeedCoefficient.PCIE) * 1e9,
            25e9 * of(SpeedCoefficient.NETWORK),
            of(SpeedCoefficient.OVERLAP)));
  }
}
