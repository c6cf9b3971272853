package dev.vramcast.formats.write.train.litgpt;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.write.train.Adapter;
import dev.vramcast.formats.write.train.Said;
import dev.vramcast.formats.write.train.Sheet;
import java.util.ArrayList;
import java.util.List;

/** Adapters and the quantised base in LitGPT's arguments. */
final class LitgptAdapter {

  private static final List<String> MLP = List.of("gate_proj", "up_proj", "down_proj");

  private LitgptAdapter() {}

  static void put(Said said, Sheet sheet) {
    Method method = said.job().method();
    switch (method) {
      case FULL -> Adapter.saysCheckpoint(said);
      case LORA, QLORA -> adapter(said, sheet);
      case DORA, RSLORA, PISSA, FREEZE, GALORE ->
          throw said.refusal(JobKey.METHOD, "full, lora, qlora");
    }
    said.says(JobKey.METHOD);
    boolean many = said.job().parallelism().gpus() > 1;
    // The strategy and its checkpointing are the recipe's own: litgpt/finetune.
    if (!many) {
      said.settles(JobKey.CHECKPOINTING, Checkpointing.NONE);
    } else {
      said.settles(JobKey.CHECKPOINTING, Checkpointing.FULL);
      said.settles(JobKey.STRATEGY, method == Method.FULL ? Strategy.FSDP1 : Strategy.FSDP2);
    }
  }

  private static void adapter(Said said, Sheet sheet) {
    base(said, sheet);
    AdapterSettings settings = Adapter.settings(said);
    sheet.put("lora_r", settings.rank());
    sheet.put("lora_alpha", Adapter.wholeAlpha(said));
    sheet.put("lora_dropout", settings.dropout());
    said.says(JobKey.LORA_RANK, JobKey.LORA_DROPOUT);
    List<String> named = new ArrayList<>();
    target(settings, sheet, "lora_query", List.of("q_proj"), named);
    target(settings, sheet, "lora_key", List.of("k_proj"), named);
    target(settings, sheet, "lora_value", List.of("v_proj"), named);
    target(settings, sheet, "lora_projection", List.of("o_proj"), named);
    target(settings, sheet, "lora_mlp", MLP, named);
    boolean head = settings.targets().contains("lm_head");
    sheet.put("lora_head", head);
    if (head) {
      named.add("lm_head");
    }
    said.settles(JobKey.LORA_TARGETS, named);
  }

  private static void target(
      AdapterSettings settings, Sheet sheet, String key, List<String> names, List<String> named) {
    boolean on = settings.allLinear() || settings.targets().containsAll(names);
    sheet.put(key, on);
    if (on) {
      named.addAll(names);
    }
  }

  private static void base(Said said, Sheet sheet) {
    boolean quantised = Adapter.isFourBit(said) || Adapter.isEightBit(said);
    if (!quantised) {
      Adapter.saysCheckpoint(said);
      return;
    }
    if (said.job().parallelism().gpus() > 1) {
      throw said.refusal(JobKey.GPU_COUNT, "1, as a quantised base is trained on one GPU alone");
    }
    String scheme = said.job().quantization().scheme().label();
    boolean twice = said.job().quantization().doubleQuant();
    sheet.put(
        "quantize",
        Adapter.isEightBit(said) ? "bnb.int8-training" : "bnb." + scheme + (twice ? "-dq" : ""));
    said.says(JobKey.QUANTIZATION_SCHEME);
    if (Adapter.isFourBit(said)) {
      said.says(JobKey.DOUBLE_QUANT);
    }
  }
}
