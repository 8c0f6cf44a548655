import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** The emulator in a container: org.testcontainers:testcontainers. */
public class CodeTest {
    static final int PORT = 8008;
    static final String ACCOUNT = "AC00000000000000000000000000000001";
    static final String TOKEN = "00000000000000000000000000000001";

    public static void main(String[] arguments) throws Exception {
        try (GenericContainer<?> twilio =
                new GenericContainer<>(DockerImageName.parse("twilio-emulator"))
                        .withExposedPorts(PORT)
                        // The app that is tested runs here, beside the container.
                        .withExtraHost("host.docker.internal", "host-gateway")
                        .withEnv("TWILIO_EMULATOR_SMS_URL", "http://host.docker.internal:3000/sms")
                        .waitingFor(Wait.forHttp("/_emulator/v1/ready").forPort(PORT))) {
            twilio.start();
            String url = "http://" + twilio.getHost() + ":" + twilio.getMappedPort(PORT);
            HttpClient client = HttpClient.newHttpClient();
            String login = Base64.getEncoder().encodeToString((ACCOUNT + ":" + TOKEN).getBytes());
            URI messages = URI.create(url + "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json");
            String code = "To=%2B12025550199&From=%2B12025550100&Body=Code+424242";
            HttpRequest text =
                    HttpRequest.newBuilder(messages)
                            .header("Authorization", "Basic " + login)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(code))
                            .build();
            expect(201, client.send(text, HttpResponse.BodyHandlers.ofString()));
            String wait = "/_emulator/v1/handsets/%2B12025550199/messages/wait?contains=Code&after=0";
            HttpRequest got = HttpRequest.newBuilder(URI.create(url + wait)).build();
            expect(200, client.send(got, HttpResponse.BodyHandlers.ofString()));
        }
    }

    static void expect(int status, HttpResponse<String> answer) {
        if (answer.statusCode() != status) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }
}
