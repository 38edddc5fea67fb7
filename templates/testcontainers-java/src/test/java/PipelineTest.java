import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

class PipelineTest {
  private static final String READY_D = "/etc/localstack/init/ready.d";

  static final LocalStackContainer localstack =
      new LocalStackContainer(DockerImageName.parse("localstack/localstack:4.14.0"))
          .withCopyFileToContainer(MountableFile.forHostPath("init/ready.d"), READY_D);

  @BeforeAll
  static void start() throws Exception {
    localstack.start();
    // LocalStack reports Ready even if a hook failed: this waits for all hooks, and fails if one did.
    var hooks = localstack.execInContainer("node", READY_D + "/ready-hooks.cjs", "--wait");
    assertEquals(0, hooks.getExitCode(), hooks.getStdout());
  }

  @AfterAll
  static void stop() {
    localstack.stop();
  }

  @Test
  void anEventArrivesInTheBucket() throws Exception {
    var data = Base64.getEncoder().encodeToString("{\"id\":\"a\"}".getBytes(StandardCharsets.UTF_8));
    aws("kinesis", "put-record", "--stream-name", "events", "--partition-key", "a", "--data", data);
    var objects = "";
    for (var end = System.nanoTime() + 30_000_000_000L; objects.isEmpty() && System.nanoTime() < end; Thread.sleep(200))
      objects = aws("s3", "ls", "s3://events", "--recursive");
    assertTrue(objects.contains(".json"), objects);
  }

  private static String aws(String... args) throws Exception {
    var command = new String[args.length + 1];
    command[0] = "awslocal";
    System.arraycopy(args, 0, command, 1, args.length);
    return localstack.execInContainer(command).getStdout();
  }
}
