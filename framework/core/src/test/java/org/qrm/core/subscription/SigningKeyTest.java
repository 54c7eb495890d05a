package org.qrm.core.subscription;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

public class SigningKeyTest {

    /** The example that Standard Webhooks publish. */
    @Test
    public void signsAsStandardWebhooksSay() {
        SigningKey key = SigningKey.of("sign", "chat", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330L, body));
    }

    @Test
    public void refusesWhatIsNoSecretAndDoesNotRepeatIt() {
        for (String secret : List.of(
                "",
                "hunter2hunter2hunter2hunter2",
                "whsec_",
                "whsec_hunter2!",
                "whsec_" + of(23),
                "whsec_" + of(65),
                of(32))) {
            QrmException refused =
                    assertThrows(secret, QrmException.class, () -> SigningKey.of("set secret", "chat", secret));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
            assertFalse(secret, secret.length() > 6 && refused.getMessage().contains(secret));
        }
        for (int length : new int[] {24, 32, 64}) {
            SigningKey.of("set secret", "chat", "whsec_" + of(length));
        }
    }

    private static String of(int bytes) {
        return Base64.getEncoder().encodeToString(new byte[bytes]);
    }
}
