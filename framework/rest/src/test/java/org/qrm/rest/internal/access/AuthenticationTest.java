package org.qrm.rest.internal.access;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.servlet.http.HttpServletRequest;
import org.junit.Test;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.user.Logins;
import org.qrm.api.user.Role;
import org.qrm.api.user.User;
import org.qrm.commands.Caller;
import org.qrm.rest.internal.fake.FakeServices;
import org.qrm.rest.internal.fake.RestServer;

public class AuthenticationTest {

    private final List<String> asked = new ArrayList<>();
    private final List<String> malformed = new ArrayList<>();
    private final FakeServices services = new FakeServices();
    private final Authentication authentication =
            new Authentication(logins(), new Sessions(services, Clock.systemUTC()), services);

    private Logins logins() {
        return new Logins() {
            @Override
            public User login(String name, String password, String address) {
                asked.add(name + "/" + password + " from " + address);
                return new User(name, Role.OPERATOR, "");
            }

            @Override
            public void malformed(String address) {
                malformed.add(address);
            }
        };
    }

    @Test
    public void asksForWhomTheHeaderNamesAndFromWhere() {
        assertEquals(new Caller("ann", Role.OPERATOR), login("ann", "pä:ss"));
        assertEquals(List.of("ann/pä:ss from 10.0.0.1"), asked);
    }

    @Test
    public void countsHeadersThatAreMalformed() {
        HttpServletRequest request = request("Basic !!", "10.0.0.1");
        assertThrows(QrmException.class, () -> authentication.authenticate(request));
        assertEquals(List.of("10.0.0.1"), malformed);
    }

    @Test
    public void refusesHeadersThatAreMalformed() {
        for (String header : new String[] {
            null, "", "Bearer x", "Basic", "Basic !!", "Basic " + "A".repeat(3000), "Basic OmE=", "Basic /w=="
        }) {
            HttpServletRequest request = request(header, "10.0.0.1");
            QrmException refusal = assertThrows(header, QrmException.class, () -> authentication.authenticate(request));
            assertEquals(Problem.Kind.UNAUTHENTICATED, refusal.problem().kind());
        }
        assertEquals(List.of(), asked);
    }

    private Caller login(String user, String password) {
        return authentication.authenticate(request(RestServer.basic(user, password), "10.0.0.1"));
    }

    private static HttpServletRequest request(String authorization, String address) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                AuthenticationTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeader" -> authorization;
                    case "getCookies" -> null;
                    case "getRemoteAddr" -> address;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
