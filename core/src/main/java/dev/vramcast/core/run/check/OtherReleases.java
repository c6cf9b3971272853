package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.traits.Renaming;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.module.part.ModulePaths;
import dev.vramcast.core.units.Version;
import java.util.Collection;
import java.util.List;

/** Names that a model's modules have in other releases of Transformers than the job's. */
record OtherReleases(Architecture architecture, Version version) {

  static OtherReleases of(Architecture architecture, ResolvedJob job) {
    return new OtherReleases(architecture, job.framework().transformers());
  }

  /**
   * Refuses a name that another release has.
   *
   * @param paths what can be named in the job's release
   */
  void refuse(JobKey key, String name, Collection<String> paths) {
    for (Renaming renaming : architecture.traits().source().renamings()) {
      boolean renamed = renaming.versions().contains(version);
      for (String path : paths) {
        String other = renamed ? renaming.original(path) : renaming.renamed(path);
        if (!other.equals(path) && ModulePaths.isTarget(other, List.of(name))) {
          throw refusal(key, name, renaming, renamed ? path : "");
        }
      }
    }
  }

  private InputException refusal(JobKey key, String name, Renaming renaming, String path) {
    Version from = renaming.versions().from();
    String release = "Transformers " + from.major() + "." + from.minor();
    InputError error =
        InputError.about(key)
            .has(name)
            .and(", which this ", architecture.modelType(), " model has ")
            .kind(ErrorKind.CONTRADICTION);
    return path.isEmpty()
        ? error.and("since ", release, ", but the job has ", version).refusal()
        : error
            .and("before ", release, ", but the job has ", version)
            .allowed(path + " in its place")
            .refusal();
  }
}
