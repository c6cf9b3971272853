package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Locale;

/** Optimizers by the path of their class, as torchtune and LitGPT name them. */
public final class OptimizerClasses {

  private OptimizerClasses() {}

  /** Takes a class of torch.optim, bitsandbytes.optim or torchao.optim. */
  public static void read(JobBuilder job, Setting setting) {
    String path = setting.text();
    String name = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    boolean bitsandbytes = path.startsWith("bitsandbytes") || path.startsWith("bnb");
    boolean torchao = path.startsWith("torchao");
    switch (name) {
      case "adamw", "adam" -> put(job, setting, "adamw", bitsandbytes ? "bitsandbytes" : "");
      case "adamw8bit", "adam8bit" ->
          put(job, setting, "adamw-8bit", torchao ? "torchao" : "bitsandbytes");
      case "adamw4bit", "adam4bit" -> put(job, setting, "adamw-4bit", "torchao");
      case "adamwfp8", "adamfp8", "_adamw" -> {
        put(job, setting, "adamw-8bit", "torchao");
        job.say(
            FindingCode.NOT_COUNTED, setting, "counted as adamw-8bit, whose states are as large");
      }
      case "pagedadamw", "pagedadamw32bit", "pagedadam" ->
          put(job, setting, "paged-adamw", "bitsandbytes");
      case "pagedadamw8bit", "pagedadam8bit" ->
          put(job, setting, "paged-adamw-8bit", "bitsandbytes");
      case "lion" -> put(job, setting, "lion", "bitsandbytes");
      case "lion8bit" -> put(job, setting, "lion-8bit", "bitsandbytes");
      case "sgd" -> put(job, setting, "sgd", "");
      case "adafactor" -> put(job, setting, "adafactor", "");
      case "muon" -> put(job, setting, "muon", "");
      case "pagedlion", "pagedlion32bit" -> put(job, setting, "paged-lion", "bitsandbytes");
      case "pagedlion8bit" -> put(job, setting, "paged-lion-8bit", "bitsandbytes");
      case "ademamix", "ademamix32bit" -> put(job, setting, "ademamix", "bitsandbytes");
      case "ademamix8bit" -> put(job, setting, "ademamix-8bit", "bitsandbytes");
      case "pagedademamix", "pagedademamix32bit" ->
          put(job, setting, "paged-ademamix", "bitsandbytes");
      case "pagedademamix8bit" -> put(job, setting, "paged-ademamix-8bit", "bitsandbytes");
      case "rmsprop" -> put(job, setting, "rmsprop", bitsandbytes ? "bitsandbytes" : "");
      case "rmsprop8bit" -> put(job, setting, "rmsprop-8bit", "bitsandbytes");
      case "adagrad" -> put(job, setting, "adagrad", "");
      default ->
          throw setting.unusable(
              "a class such as "
                  + String.join(
                      ", ", List.of("torch.optim.AdamW", "bitsandbytes.optim.PagedAdamW8bit")));
    }
  }

  private static void put(JobBuilder job, Setting setting, String name, String implementation) {
    job.put(JobKey.OPTIMIZER_NAME, name, setting);
    if (!implementation.isEmpty()) {
      job.put(JobKey.OPTIMIZER_IMPLEMENTATION, implementation, setting);
    }
  }
}
