// Sends a text by one client: `java Java.java HttpsURLConnection`.

import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

public class Java {
    static final String ACCOUNT = System.getenv("TWILIO_ACCOUNT_SID");
    static final URI PLACE =
            URI.create("https://api.twilio.com/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json");
    static final String BODY =
            "To=%2B12025550199&Body=Hello&From="
                    + URLEncoder.encode(
                            System.getenv("TWILIO_PHONE_NUMBER"), StandardCharsets.UTF_8);
    static final String USER = ACCOUNT + ":" + System.getenv("TWILIO_AUTH_TOKEN");
    static final String LOGIN = "Basic " + Base64.getEncoder().encodeToString(USER.getBytes());
    static final String FORM = "application/x-www-form-urlencoded";

    public static void main(String[] said) throws Exception {
        System.out.println(
                switch (said[0]) {
                    case "java.net.http" -> byJavaNetHttp();
                    case "HttpsURLConnection" -> byHttpsUrlConnection();
                    default -> byApache();
                });
    }

    static int byJavaNetHttp() throws Exception {
        var request =
                HttpRequest.newBuilder(PLACE)
                        .header("Authorization", LOGIN)
                        .header("Content-Type", FORM)
                        .POST(HttpRequest.BodyPublishers.ofString(BODY))
                        .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    static int byHttpsUrlConnection() throws Exception {
        var connection = (HttpURLConnection) PLACE.toURL().openConnection();
        connection.setRequestProperty("Authorization", LOGIN);
        connection.setDoOutput(true);
        connection.getOutputStream().write(BODY.getBytes());
        return connection.getResponseCode();
    }

    // The client that twilio-java has, made as it makes it. Reflection, so that the others need none.
    static int byApache() throws Exception {
        var builder = Class.forName("org.apache.http.impl.client.HttpClientBuilder");
        Object made = builder.getMethod("create").invoke(null);
        builder.getMethod("useSystemProperties").invoke(made);
        Object client = builder.getMethod("build").invoke(made);
        var posts = Class.forName("org.apache.http.client.methods.HttpPost");
        Object post = posts.getConstructor(URI.class).newInstance(PLACE);
        var strings = Class.forName("org.apache.http.entity.StringEntity");
        posts.getMethod("setEntity", Class.forName("org.apache.http.HttpEntity"))
                .invoke(post, strings.getConstructor(String.class).newInstance(BODY));
        var header = posts.getMethod("setHeader", String.class, String.class);
        header.invoke(post, "Authorization", LOGIN);
        header.invoke(post, "Content-Type", FORM);
        var requests = Class.forName("org.apache.http.client.methods.HttpUriRequest");
        var clients = Class.forName("org.apache.http.client.HttpClient");
        Object answer = clients.getMethod("execute", requests).invoke(client, post);
        Object line =
                Class.forName("org.apache.http.HttpResponse")
                        .getMethod("getStatusLine")
                        .invoke(answer);
        return (int)
                Class.forName("org.apache.http.StatusLine").getMethod("getStatusCode").invoke(line);
    }
}
