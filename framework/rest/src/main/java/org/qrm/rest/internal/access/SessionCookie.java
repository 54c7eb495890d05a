package org.qrm.rest.internal.access;

import javax.servlet.http.Cookie;
import javax.servlet.http.HttpServletRequest;

/** The cookie that carries a session's secret. */
public final class SessionCookie {

    public static final String NAME = "qrm-session";

    private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Strict";

    private SessionCookie() {}

    /** The secret that the request carries, or null. */
    public static String of(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(NAME)) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }

    /** Value of Set-Cookie; the browser forgets it when it is closed. */
    public static String set(String secret) {
        return NAME + "=" + secret + ATTRIBUTES;
    }

    /** Value of Set-Cookie that makes the browser forget it now. */
    public static String clear() {
        return NAME + "=" + ATTRIBUTES + "; Max-Age=0";
    }
}
