package dev.vramcast.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * This machine's files, of which nothing is changed any more from one step on, as when the process
 * is killed there: nobody cleans up either.
 */
public final class EndingFileSystem extends LocalFileSystem {

  /** The property that has the process killed in the end. */
  static final String KILLS = "vramcast.kills";

  private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);

  /** The process ends here. */
  static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Has files of this machine changed by it alone. */
  static void serve(Configuration configuration) {
    configuration.set("fs.file.impl", EndingFileSystem.class.getName());
    configuration.setBoolean("fs.file.impl.disable.cache", true);
  }

  /** So many changes more, and none after them. */
  static void endAfter(int changes) {
    LEFT.set(changes);
  }

  /** Whether the end came, and from here on everything goes on as usual. */
  static boolean hasEnded() {
    return LEFT.getAndSet(Integer.MAX_VALUE) < 0;
  }

  private static void change() {
    if (LEFT.get() == Integer.MAX_VALUE) {
      return;
    }
    if (LEFT.decrementAndGet() < 0) {
      LEFT.set(-1);
      if (Boolean.getBoolean(KILLS)) {
        kill();
      }
      throw new Ended();
    }
  }

  /** No handler and no hook of this process runs any more. */
  private static void kill() {
    try {
      String process = String.valueOf(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-9", process).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    change();
    return super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public boolean mkdirs(Path folder) throws IOException {
    change();
    return super.mkdirs(folder);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    change();
    return super.rename(from, to);
  }

  @Override
  public boolean delete(Path file, boolean recursive) throws IOException {
    change();
    return super.delete(file, recursive);
  }
}
