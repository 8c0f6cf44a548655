// A chat in React on @twilio/conversations: what was said in a conversation, and a line to say more.

import { Client } from "@twilio/conversations";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

/** Twilio's client, when it is ready. `options` are empty where it is Twilio itself. */
async function connected() {
  const { token, options } = await (await fetch("/token")).json();
  const client = new Client(token, options);
  await new Promise((resolve, reject) => {
    client.on("initialized", resolve);
    client.on("initFailed", ({ error }) => reject(new Error(error?.message)));
  });
  return client;
}

function Chat() {
  const [conversation, setConversation] = useState(null);
  const [messages, setMessages] = useState([]);
  const [line, setLine] = useState("");

  useEffect(() => {
    let client;
    const begin = async () => {
      client = await connected();
      const [first] = (await client.getSubscribedConversations()).items;
      const show = async () => setMessages((await first.getMessages()).items);
      first.on("messageAdded", show);
      await show();
      setConversation(first);
    };
    begin();
    return () => client?.shutdown();
  }, []);

  if (!conversation) return <p>Connecting…</p>;
  const say = async (event) => {
    event.preventDefault();
    await conversation.sendMessage(line);
    setLine("");
  };
  return (
    <main>
      <h1>{conversation.friendlyName}</h1>
      <ul>
        {messages.map((message) => (
          <li key={message.sid}>
            {message.author}: {message.body}
          </li>
        ))}
      </ul>
      <form onSubmit={say}>
        <label>
          Say <input value={line} onChange={(event) => setLine(event.target.value)} />
        </label>
        <button>Send</button>
      </form>
    </main>
  );
}

createRoot(document.getElementById("root")).render(<Chat />);
