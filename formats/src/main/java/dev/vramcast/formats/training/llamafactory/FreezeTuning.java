package dev.vramcast.formats.training.llamafactory;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.layer.TrainedLayers.Place;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;

/**
 * Layers that are trained while the others are not (model/adapter.py _setup_freeze_tuning,
 * v1/plugins/model_plugins/peft.py get_freeze_model): the last, with a minus the first, or those
 * that an expanded model has more than the one that it was made of.
 */
final class FreezeTuning {

  private final JobBuilder job;
  private final String section;

  private FreezeTuning(JobBuilder job, String section) {
    this.job = job;
    this.section = section;
  }

  /**
   * Takes how many layers are trained, and which.
   *
   * @param section in front of the keys, with a dot, or empty
   */
  static void read(JobBuilder job, String section) {
    new FreezeTuning(job, section).read();
  }

  private void read() {
    Optional<Setting> layers = job.get(section + "freeze_trainable_layers");
    Optional<Setting> expanded = job.get(section + "use_llama_pro").filter(Setting::bool);
    layers
        .filter(count -> count.whole() != 0)
        .ifPresent(count -> job.put(JobKey.TRAINABLE_LAYERS, Math.abs(count.whole()), count));
    layers
        .filter(count -> count.whole() == 0 || count.whole() < 0 && expanded.isPresent())
        .ifPresent(count -> other(count, "which layers are trained"));
    layers
        .filter(count -> count.whole() < 0 && expanded.isEmpty())
        .ifPresent(count -> job.put(JobKey.TRAINABLE_PLACE, Place.FIRST, count));
    expanded.ifPresent(on -> job.put(JobKey.TRAINABLE_PLACE, Place.SPREAD, on));
    job.get(section + "freeze_trainable_modules")
        .filter(modules -> !modules.words().equals(List.of("all")))
        .ifPresent(modules -> other(modules, "which modules of a layer are trained"));
    job.get(section + "freeze_extra_modules")
        .filter(modules -> !modules.isIdle())
        .ifPresent(modules -> other(modules, "what is trained beside layers"));
  }

  private void other(Setting given, String needs) {
    job.notModelled(
        JobKey.METHOD,
        given,
        Gap.of(given.key(), " ", given.shown())
            .needs(needs)
            .modelled("freeze_trainable_layers, whole ones"));
  }
}
