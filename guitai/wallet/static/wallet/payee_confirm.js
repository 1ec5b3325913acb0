// The payee's word for a transfer, which only WeChat's own app can take: its script asks it, and we ask WeChat.
const page = document.querySelector("[data-confirm]");
const button = page?.querySelector("button");
const ASKED = "requestMerchantTransfer";

const ask = () => {
  const { wish } = JSON.parse(page.dataset.confirm);
  // Whatever the app says here proves nothing: the page that comes next asks WeChat itself.
  WeixinJSBridge.invoke(ASKED, wish, () => location.reload());
};

if (page && window.wx?.config) {
  const { signed } = JSON.parse(page.dataset.confirm);
  wx.config({ debug: false, ...signed, timestamp: Number(signed.timestamp), jsApiList: [ASKED] });
  wx.ready(() =>
    wx.checkJsApi({
      jsApiList: [ASKED],
      success: ({ checkResult }) => {
        if (!checkResult?.[ASKED] || !window.WeixinJSBridge) return;
        document.querySelector("[data-elsewhere]").hidden = true;
        page.hidden = false;
        button.addEventListener("click", ask);
      },
    }),
  );
}
