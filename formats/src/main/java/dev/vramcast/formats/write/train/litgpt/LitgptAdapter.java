package dev.vramcast.formats.write.train.litgpt;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.JobCoverage;
import dev.vramcast.formats.write.train.OutputKeys;
import java.util.ArrayList;
import java.util.List;

/** Adapters and the quantised base in LitGPT's arguments. */
final class LitgptAdapter {

  private static final List<String> MLP = List.of("gate_proj", "up_proj", "down_proj");

  private LitgptAdapter() {}

  static void put(JobCoverage coverage, OutputKeys output) {
    Method method = coverage.job().method();
    switch (method) {
      case FULL -> Adapter.saysCheckpoint(coverage);
      case LORA, QLORA -> adapter(coverage, output);
      case DORA, RSLORA, PISSA, OFT, IA3, VERA, LOHA, LOKR, MISS, FREEZE, GALORE ->
          throw coverage.refusal(JobKey.METHOD, "full, lora, qlora");
    }
    coverage.says(JobKey.METHOD);
    boolean many = coverage.job().parallelism().gpus() > 1;
    // The strategy and its checkpointing are the recipe's own: litgpt/finetune.
    if (!many) {
      coverage.settles(JobKey.CHECKPOINTING, Checkpointing.NONE);
    } else {
      coverage.settles(JobKey.CHECKPOINTING, Checkpointing.FULL);
      coverage.settles(JobKey.STRATEGY, method == Method.FULL ? Strategy.FSDP1 : Strategy.FSDP2);
    }
  }

  private static void adapter(JobCoverage coverage, OutputKeys output) {
    base(coverage, output);
    Adapter.refuseNone(coverage);
    AdapterSettings settings = Adapter.settings(coverage);
    output.put("lora_r", settings.rank());
    output.put("lora_alpha", Adapter.wholeAlpha(coverage));
    output.put("lora_dropout", settings.dropout());
    coverage.says(JobKey.LORA_RANK, JobKey.LORA_DROPOUT);
    List<String> named = new ArrayList<>();
    target(settings, output, "lora_query", List.of("q_proj"), named);
    target(settings, output, "lora_key", List.of("k_proj"), named);
    target(settings, output, "lora_value", List.of("v_proj"), named);
    target(settings, output, "lora_projection", List.of("o_proj"), named);
    target(settings, output, "lora_mlp", MLP, named);
    boolean head = settings.targets().contains("lm_head");
    output.put("lora_head", head);
    if (head) {
      named.add("lm_head");
    }
    coverage.settles(JobKey.LORA_TARGETS, named);
  }

  private static void target(
      AdapterSettings settings,
      OutputKeys output,
      String key,
      List<String> names,
      List<String> named) {
    boolean on = settings.allLinear() || settings.targets().containsAll(names);
    output.put(key, on);
    if (on) {
      named.addAll(names);
    }
  }

  private static void base(JobCoverage coverage, OutputKeys output) {
    boolean quantised = Adapter.isFourBit(coverage) || Adapter.isEightBit(coverage);
    if (!quantised) {
      Adapter.saysCheckpoint(coverage);
      return;
    }
    if (coverage.job().parallelism().gpus() > 1) {
      throw coverage.refusal(
          JobKey.GPU_COUNT, "1, as a quantised base is trained on one GPU alone");
    }
    String scheme = coverage.job().quantization().scheme().label();
    boolean twice = coverage.job().quantization().doubleQuant();
    output.put(
        "quantize",
        Adapter.isEightBit(coverage)
            ? "bnb.int8-training"
            : "bnb." + scheme + (twice ? "-dq" : ""));
    coverage.says(JobKey.QUANTIZATION_SCHEME);
    if (Adapter.isFourBit(coverage)) {
      coverage.says(JobKey.DOUBLE_QUANT);
    }
  }
}
