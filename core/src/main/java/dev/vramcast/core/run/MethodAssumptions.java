package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.code.WrappedLayers;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.layer.TrainedLayers;
import dev.vramcast.core.run.check.AdapterChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an estimate takes for granted of what a method trains. */
record MethodAssumptions(Architecture architecture, ResolvedJob job) {

  /** Of adapters, and the modules that they are put on. */
  List<Remark> ofAdapters() {
    return job.adapter().map(this::ofTargets).orElse(List.of());
  }

  private List<Remark> ofTargets(AdapterSettings adapter) {
    List<Remark> remarks = new ArrayList<>();
    if (job.frameworkCode().stages().valuesBesideWords(job.objective().stage())
        && !job.objective().isScoredElsewhere()) {
      remarks.add(
          Remark.about(
              JobKey.REWARD_MODELS, "Adapters that score completions are of the policy's rank."));
    }
    List<String> unknown = AdapterChecks.unknownTargets(architecture, adapter);
    if (!unknown.isEmpty()) {
      remarks.add(
          Remark.about(
              JobKey.LORA_TARGETS,
              "No module is called "
                  + String.join(", ", unknown)
                  + ": such adapter targets are skipped, as PEFT does."));
    }
    if (job.frozen().contains(FrozenPart.TOWERS)) {
      return remarks;
    }
    List<String> around = AdapterChecks.targetsAround(architecture, adapter);
    if (!around.isEmpty()) {
      remarks.add(
          Remark.about(
              JobKey.LORA_TARGETS,
              String.join(", ", around)
                  + " are linears in the language model, but modules around linears in a"
                  + " tower, for which PEFT raises an error: a pattern has to name those of"
                  + " the language model, as is taken here."));
    }
    return remarks;
  }

  /** Of the weights that are trained, and those that are not. */
  List<Remark> ofWeights() {
    List<Remark> remarks = new ArrayList<>();
    ofLayers().ifPresent(remarks::add);
    if (job.method() == Method.FREEZE) {
      remarks.add(
          Remark.about(
              JobKey.METHOD,
              trainedLayers(job.trainableLayers())
                  + " trained; embeddings, final norm and head are frozen."));
    }
    if (job.optimizer().name().isBlockwise()) {
      remarks.add(
          Remark.about(
              JobKey.OPTIMIZER_NAME,
              "One layer is trained at a time, with the others, embeddings, final norm and head"
                  + " frozen: memory is that of the first layer's turn, whose backward pass is the"
                  + " longest; hours are those of all turns."));
    }
    if (job.method() == Method.PISSA) {
      remarks.add(
          Remark.about(
              JobKey.METHOD,
              "PiSSA decomposes the weights on the GPU, one after the other, before the first"
                  + " step."));
    }
    return remarks;
  }

  /** Of those that FSDP gathers one by one, where it would not find them by itself. */
  private Optional<Remark> ofLayers() {
    WrappedLayers layers = WrappedLayers.of(job);
    if (layers.gathersAll(architecture)) {
      return Optional.of(
          unlisted("the model's list of layers names none, so that it gathers all at once,"));
    }
    return layers
        .unfound(architecture)
        .map(
            layer ->
                "it looks for a layer " + layer + ", which this model does not have, and stops,")
        .map(this::unlisted);
  }

  private Remark unlisted(String why) {
    return Remark.about(
        JobKey.STRATEGY,
        "Under accelerate's FSDP "
            + why
            + " unless fsdp_transformer_layer_cls_to_wrap names others: "
            + architecture.modelingFile().layerClass()
            + ", as is taken here. ZeRO-3 needs none.");
  }

  private String trainedLayers(TrainedLayers layers) {
    int there = architecture.layerCount();
    if (layers.count() > there) {
      return "trainable_layers is %d, of which there are %d: all are"
          .formatted(layers.count(), there);
    }
    return switch (layers.place()) {
      case LAST -> "The last " + layers.count() + " layers are";
      case FIRST -> "The first " + layers.count() + " layers are";
      case SPREAD -> "The last layer of each of " + layers.count() + " equal groups is";
    };
  }
}
