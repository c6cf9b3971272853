package dev.vramcast.spark;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
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

  private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);

  /** The process ends here. */
  static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;
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
      throw new Ended();
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
