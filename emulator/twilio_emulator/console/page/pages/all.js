// Every page by the first segment of its address; each is loaded when it is first shown.

export const pages = {
  handsets: async () => (await import("./handsets.js")).HandsetsPage,
  conversations: async () => (await import("./conversations.js")).ConversationsPage,
  messages: async () => (await import("./messages.js")).MessagesPage,
  journal: async () => (await import("./journal.js")).JournalPage,
  webhooks: async () => (await import("./webhooks.js")).WebhooksPage,
  alerts: async () => (await import("./alerts.js")).AlertsPage,
  faults: async () => (await import("./faults.js")).FaultsPage,
  clock: async () => (await import("./clock.js")).ClockPage,
  templates: async () => (await import("./templates.js")).TemplatesPage,
  optouts: async () => (await import("./optouts.js")).OptOutsPage,
  numbers: async () => (await import("./numbers.js")).NumbersPage,
  connections: async () => (await import("./connections.js")).ConnectionsPage,
  accounts: async () => (await import("./accounts.js")).AccountsPage,
};
