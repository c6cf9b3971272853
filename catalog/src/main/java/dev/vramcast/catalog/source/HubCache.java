package dev.vramcast.catalog.source;

import dev.vramcast.input.text.BoundedFile;
import dev.vramcast.input.text.Listing;
import dev.vramcast.input.text.Presence;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The folder in which Hugging Face's own tools keep what they fetched: {@code
 * models--owner--name/refs/<revision>} names a commit, {@code snapshots/<commit>} holds the files.
 */
final class HubCache {

  private static final int MAX_REFERENCE_BYTES = 1 << 10;

  private final Path root;

  HubCache(Path root) {
    this.root = root;
  }

  /** The folder of a repository's files at a revision, when it has a {@code config.json}. */
  Optional<Path> snapshot(HubId id, Optional<String> revision) {
    Path repository = root.resolve(id.folder());
    Path snapshots = repository.resolve("snapshots");
    Optional<Path> found =
        commit(repository, revision.orElse("main")).map(snapshots::resolve).filter(this::usable);
    return found.isPresent() || revision.isPresent() ? found : only(snapshots);
  }

  private Optional<String> commit(Path repository, String revision) {
    Path reference = repository.resolve("refs").resolve(revision);
    if (!Presence.isFile(reference)) {
      return Optional.of(revision);
    }
    byte[] content = BoundedFile.bytes(reference, MAX_REFERENCE_BYTES);
    String commit = new String(content, StandardCharsets.US_ASCII).strip();
    return Optional.of(commit).filter(text -> text.matches("[0-9a-f]{7,64}"));
  }

  private Optional<Path> only(Path snapshots) {
    if (!Presence.isFolder(snapshots)) {
      return Optional.empty();
    }
    List<Path> usable = Listing.of(snapshots).stream().filter(this::usable).limit(2).toList();
    return usable.size() == 1 ? Optional.of(usable.get(0)) : Optional.empty();
  }

  private boolean usable(Path snapshot) {
    return Presence.isFile(snapshot.resolve("config.json"));
  }
}
